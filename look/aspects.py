"""The three aspects as every page names and draws them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

ASPECTS = ("run", "hack", "math")

GAP = 0.8  # percent of the bar, between neighbours
# aspect, left edge and width of each part of a mix, in percentages
Bar = tuple[str, int, float]


def aspect_name(aspect: str) -> str:
    return {"run": _("Run"), "hack": _("Hack"), "math": _("Math")}[aspect]


def shares_in_words(shares: Mapping[str, int]) -> str:
    """“Run 61 %, Hack 0 %, Math 12 %”, for a screen reader."""
    return ", ".join(f"{aspect_name(a)} {shares.get(a, 0)} %" for a in ASPECTS)


def mix_bars(shares: Mapping[str, int]) -> list[Bar]:
    """The bars of shares that add up to 100; the gaps keep neighbours apart."""
    bars: list[Bar] = []
    x = 0
    for aspect in ASPECTS:
        width = shares.get(aspect, 0)
        is_last = x + width >= 100
        if width and is_last:
            bars.append((aspect, x, width))
        elif width:
            bars.append((aspect, x, round(width - GAP, 1)))
        x += width
    return bars
