"""Author lines, split into names."""

import re

from papers.arxiv.tex import plain_text
from papers.arxiv.texts import clipped, on_one_line

MAX_AUTHOR, MAX_AUTHORS = 200, 5_000

_MARK_AT_NAME = re.compile(
    r"\$\s*\{?\s*\^[^$]{0,80}\$|\\textsuperscript\{[^{}]{0,80}\}|(?<=\w)\^(?:\{[^{}]{0,80}\}|\d(?:,?\d){0,9})"
    r"|[*†‡§¶]+(?=\s*(?:,|$| and ))"
)
_TITLE_OF_PERSON = re.compile(
    r"(?:(?:Ph\.?\s?D|M\.?\s?D|M\.?\s?S\.?c?|B\.?\s?S\.?c?|M\.?P\.?H|D\.?V\.?M|D\.?Phil|M\.?B\.?A|R\.?N|FACR|FRCR|FACS|MBBS)\.?\s*)+"
)
_SUFFIXES = ("Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV")


def split_authors(text: str) -> tuple[str, ...]:
    """The names of one author line: split at commas and the last “and”.

    Left out: affiliations in brackets and their raised numbers, and degrees. “Jr.”
    stays with its name.
    """
    text = _without_brackets(_MARK_AT_NAME.sub(" ", plain_text(on_one_line(text))))
    names: list[str] = []
    for part in re.split(
        r"[,;]|(?<=Collaboration):|(?<=Consortium):|\s(?:and|&)\s", text
    ):
        name = " ".join(part.split()).removeprefix("and ").strip(" {}")
        if name in _SUFFIXES and names:
            names[-1] = f"{names[-1]}, {name}"
        elif name and not _TITLE_OF_PERSON.fullmatch(name):
            names.append(name)
    return tuple(clipped(name, MAX_AUTHOR) for name in names[:MAX_AUTHORS])


def _without_brackets(text: str) -> str:
    """Without what stands in round brackets; a bracket that is never closed takes
    nothing with it.
    """
    kept: list[str] = []
    opened: list[int] = []
    for character in text:
        if character == "(":
            opened.append(len(kept))
        elif character == ")":
            if opened:
                del kept[opened.pop() :]
            continue
        kept.append(character)
    return "".join(kept).replace("(", "")
