"""How to write formulas, code and the rest: examples with what readers see."""

from functools import cache
from typing import NamedTuple

from text import render

SOURCES = (
    "$\\sigma(z)$",
    "$$\\frac{1}{n} \\sum_x C_x$$",
    "`x.T @ y`",
    "```python\nprint(loss)\n```",
    "**must** and *may*",
    "> what somebody wrote",
    "[the notes](https://example.org/notes)",
    "- first\n- second",
    "| rate | loss |\n|---|---|\n| 0.1 | 2.3 |",
)


class Example(NamedTuple):
    source: str
    html: str


@cache
def examples() -> tuple[Example, ...]:
    """What one types, and the HTML that the site makes of it."""
    return tuple(
        Example(source, render(source, doc_id=f"help{nth}"))
        for nth, source in enumerate(SOURCES)
    )
