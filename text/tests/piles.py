"""Texts of one character many times over, which cost more than their
length, and a count of what they cost.
"""

import unicodedata
from dataclasses import dataclass

import pytest

# Each is repeated; the pairs are in the order that normalising has to turn
# round.
PILES = {
    "marks above and below": ("a", "\u0301", "\u0323"),
    "marks in turn": ("a", "\u0301\u0323", ""),
    "marks between joiners": ("a", "\u0301\u200d", "\u0323\u200d"),
    "marks between signs that are taken out": ("a", "\u0301\u00ad", "\u0323\u2066"),
    "marks with a width": ("a", "\U0001d16d", "\U0001d165"),
    "marks with a width between joiners": (
        "a",
        "\U0001d16d" * 30 + "\u200d",
        "\U0001d165" * 30 + "\u200d",
    ),
    "letters that are marks": ("a", "\u0f73", "\u0f72"),
    "half-width marks": ("a", "\uff9e\u0301", "\u0301\uff9e"),
    "marks at the front": ("", "\u0903", "\u0903"),
    "spaces and selectors at the front": ("", "\ufe0f", "\u3000"),
    "letters that grow": ("", "\ufdfa", "\u3316"),
    "joiners": ("", "a\u200d", "\u0628\u200c"),
    "isolates": ("", "\u2066a", "\u2069"),
    "accents of several parts": ("", "\u0390", "\u1f82\u0344"),
}


def pile(name: str, count: int) -> str:
    first, one, other = PILES[name]
    return first + one * count + other * count


@dataclass(slots=True)
class Cost:
    """What `unicodedata.normalize` was given."""

    calls: int = 0
    characters: int = 0  # before and after, of all calls
    longest_run: int = 0  # characters that must be put in order among themselves


def counting(monkeypatch: pytest.MonkeyPatch) -> Cost:
    """Count from now on.

    What would take too long is counted and not done.
    """
    spent, normalize = Cost(), unicodedata.normalize

    def counted(form: str, text: str) -> str:
        spent.calls += 1
        spent.longest_run = max(spent.longest_run, _longest_run(text))
        result = "" if spent.longest_run > 1_000 else normalize(form, text)  # type: ignore[arg-type]
        spent.characters += len(text) + len(result)
        return result

    def _longest_run(text: str) -> int:
        longest = run = 0
        for character in text:
            for part in normalize("NFKD", character):
                run = run + 1 if unicodedata.combining(part) else 0
                longest = max(longest, run)
        return longest

    monkeypatch.setattr(unicodedata, "normalize", counted)
    return spent
