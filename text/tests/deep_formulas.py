"""Run by its test in a process of its own: hostile formulas in a thread
with the smallest stack in use (musl).
"""

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from text import maths

PIECES = (
    r"\frac{a}|\sqrt[3]|\overset{a}|\frac1|\binom{a}|\bar |\hat~|\norm |\color{red}"
    r"|x^\sqrt|\underbrace|\sum_\sqrt|'"
    r"|\dfrac a|\stackrel{a}|\mathbb\bar |\not|\mathop |\operatorname |\left(|\big"
    r"|x_\hat|\overline1\hat|\text|\bm|{"
    r"|\begin{matrix}"
    r"|\sqrt[\sqrt[|\sum\limits_\sum|\cfrac1|\xrightarrow|\cancel|\boxed "
    r"|\phantom |\it |\rm |\mathrm"
    r"|\displaystyle |\middle|\genfrac()11a|\underset1|\substack |\underline|\pmod"
    r"|\binom1|{]|{[}|\color{red}abc"
    r"|\left({|\sqrt{[|x^{[|\frac{[]}|\begin{cases}{|\textcolor{red}|\left.\sqrt[|\abs|\E_"
).split("|")


def try_all() -> None:
    for piece in PIECES:
        for times in (maths.FORMULA_MAX // max(1, len(piece)), 10, 29, 39, 120, 300):
            for end in ("x", "}" * times, "]" * times):
                maths.tex((piece * times + end)[: maths.FORMULA_MAX], display=True)


threading.stack_size(128 * 1024)
thread = threading.Thread(target=try_all)
thread.start()
thread.join()
print("all formulas answered")
