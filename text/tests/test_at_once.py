"""What web processes share between their threads makes the same of a text, whatever other
threads make at that moment.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from text import plain, render, render_inline
from text.terms import terms_of

SAMPLES = [
    "Loss N of *regularisation* is $\\frac{N}{\\sigma_N}$ in `f(N)`",
    "> N\n\n- [ ] item N\n\n1. $$\\begin{aligned}a&=N\\end{aligned}$$",
    "```python\ndef fN(x: int) -> str:\n    return f'{x!r} {1e-3}'\n```",
    "| a | N |\n| - | - |\n| **N** | ~~b~~ |\n\n[^1]\n\n[^1]: Note N",
    "@noor-N, see https://example.org/N\n\n<details><summary>N</summary>x</details>",
]
TEXTS = [each.replace("N", str(n)) for each in SAMPLES for n in range(4)]
MAKERS: dict[str, Callable[[str], object]] = {
    "HTML": render,
    "a title": render_inline,
    "an excerpt": lambda text: plain(text, 100),
    "terms": terms_of,
}


@pytest.fixture(autouse=True)
def _short_turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_text_becomes_the_same_beside_others(make: Callable[[str], object]) -> None:
    alone = [make(text) for text in TEXTS]

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, TEXTS * 6))

    assert made == alone * 6
