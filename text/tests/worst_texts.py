"""Texts of full length, made to be slow.

Run by its test in a process of its own: one that never comes back ends it.
"""

import contextlib
import signal
import sys

from text import TEXT_MAX, TextRefused, plain, render, render_inline
from text.code import LANGUAGES
from text.limits import HIGHLIGHT_MAX

# of CPU, which other work on the machine does not use up. Enough for any
# machine, and not for what grows with the square.
PATIENCE_SECONDS = 60

PIECES = [
    *[
        ">",
        "> ",
        "- ",
        "- a\n",
        "1. a\n",
        "- [ ] a\n",
        "*",
        "a*",
        "*a ",
        "*a **b ",
        "*a_ _b ",
        "~~a ",
        "[",
        "[]",
    ],
    *[
        "[a](",
        "![",
        "[a](<b",
        '[a](b "',
        "[![a](b)",
        "[[a](b)",
        "[a][",
        "`",
        "a`",
        "<",
        "<a ",
        "<http://a",
        "<!--",
    ],
    *[
        "&",
        "&#1",
        "\\",
        "\\a",
        "a  \n",
        "# a\n",
        "a\n---\n",
        "[a]:\n",
        "[a]: b\n",
        "[^1]: ",
        "[^a",
        "^[",
        "|",
    ],
    *[
        "|a|\n|-|\n|b|\n\n",
        "a|b\n-|-\n",
        "$",
        "$a",
        "$a$",
        "$$a",
        "$$a\n",
        "$$\n",
        "\\(",
        "\\[\n",
        "\\[a\n",
        "$\\$",
    ],
    *[
        "\\(a\\)",
        "```math\nx\n```\n",
        "http://",
        "http://a.b/(",
        "http://é.b ",
        "://",
        "a://b",
        "https:",
        "@ab@",
    ],
    *[
        "@a ",
        "```\n",
        "- ```\n",
        "- a\n\n",
        "a\n",
        "é漢字 ",
        "\0",
        "😀",
        "> - ",
        "<http://a.b>",
        "\\*",
        "&amp;",
    ],
    *[
        "<br>",
        "<sub>",
        "<sub>a",
        "<sub>*a ",
        "</sub>",
        "<details>\n",
        "</details>\n",
        "<details><summary>a\n",
        "<summary>",
    ],
    *[
        "a</details>",
        "<!-- ",
        "<!-- a\n",
        "<!--\n\n",
        "<!-- -->",
        "$`",
        "$`a`$",
        "$`a",
        "$ a $",
        "$ \\a ",
        "$\\text{",
        "$\\text{$a",
    ],
    *[
        "\\begin{align}",
        "\\begin{align}\n",
        "\\begin{align}\na\n\n",
        "[\n",
        "[\na\n",
        "[ \\a ",
        "[ \\a ]",
        "\\(a b\\)",
        "\\[\\[",
    ],
    *[
        "f(x)\n",
        "f(x)\na b\n",
        "x = 1\n\n",
        "x = 1\na\n",
        ">>> a = 1\n",
        ">>> a\n> b\n",
        "$ ls\n",
        "$ ls\n\n",
        "import a\n# b\n",
    ],
    *[
        "# b\n# c\n",
        "Traceback (most recent call last):\n",
        "{\n",
        "[\n[",
        "  a\n",
        "a\n  b\n",
        "'''\n",
        "x = '''\n",
        "f(" + ")" * 80 + " a\n",
    ],
    *[
        "f(  " * 70 + "\n",
        "a  b  c\n",
        "a   " * 70 + "\n",
        "[1, 2]\n",
        "-" * 30 + "\n",
        "@a\n",
        "__init__",
        "__a",
        "https://a.b/你",
        "http://你",
    ],
    *["https://a.wikipedia.org/wiki/你", "https://a.b/}", "http://a.b/)"],
]
CODE_PIECES = [
    "\n",
    " \n",
    "a\n",
    "a ",
    "(",
    '"\\',
    "'",
    "/*",
    "<a ",
    "qimport a.\n",
    "int a\n",
    "0x",
    "\\",
    "{",
    "* ",
]


def filled(piece: str, length: int = TEXT_MAX) -> str:
    return (piece * (length // len(piece) + 1))[:length]


WORST = {
    **{piece: filled(piece) for piece in PIECES},
    "growing backticks": " ".join("`" * n + "a" for n in range(1, 440)),
    "a reference used often": "[a]: /u\n\n" + filled("[a]", 90_000),
    "a long reference": "[a]: /" + "u" * 50_000 + "\n\n" + "![a] " * 9_000,
    "footnotes": filled("".join(f"[^{n}]\n\n[^{n}]: x\n\n" for n in range(4_000))),
    "a note named often": "[^1]: x\n\n" + filled("[^1]", 90_000),
    "a wide table": "|" + "a|" * 15_000 + "\n|" + "-|" * 15_000 + "\n" + "|\n" * 10_000,
    "deep lists": "\n".join("  " * (n % 9) + "- a" for n in range(5_000)),
    "large formulas": "\n\n".join(f"$$\n{'x' * 1990}{n}\n$$" for n in range(49)),
    "formulas that never close": " ".join("$" + "(" * n + "$" for n in range(1, 300)),
    "folds in lists": "- <details>\n" * 8_000,
    "folds in quotes": "> <details>\n\n" * 7_000,
    "words that nearly end": "a   " * 25_000,
    "code that never ends": "def f(:\n" + "  a\n" * 20_000,
    "brackets before an address": "[" * 90 + filled(":", 90_000),
}


def worst_code(language: str) -> list[str]:
    """What stalls lexers: one piece over and over, and lines of it as long
    as they may be.
    """
    fills = [filled(piece, HIGHLIGHT_MAX - 100) for piece in CODE_PIECES]
    lines = [
        filled(filled(piece.strip() or "-", 990) + "\n", HIGHLIGHT_MAX - 100)
        for piece in CODE_PIECES
    ]
    return [f"```{language}\n{source}\n```" for source in fills + lines]


def answer(text: str) -> None:
    with contextlib.suppress(TextRefused):
        render(text, mentions=lambda handle: f"/members/{handle}/")
    render_inline(text, links=True)


def be_patient(name: str) -> None:
    """What follows may take so long; then the process ends, and `name` was
    its last word.
    """
    print(repr(name), flush=True)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE_SECONDS)


def answer_texts() -> None:
    for name, text in WORST.items():
        be_patient(name)
        answer(text[:TEXT_MAX])
        plain(text, 200)


def answer_code() -> None:
    for language in LANGUAGES:
        be_patient(language)
        for text in worst_code(language):
            with contextlib.suppress(TextRefused):
                render(text)


if __name__ == "__main__":
    {"texts": answer_texts, "code": answer_code}[sys.argv[1]]()
    print("all answered")
