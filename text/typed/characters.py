"""What single characters are, and what they do to their neighbours."""

import re
import unicodedata
from typing import Literal

from idna import valid_contextj

ZWSP, ZWNJ, ZWJ = "\u200b", "\u200c", "\u200d"

# Needed in some places: joiners, word ends in Khmer and Thai, selectors of
# a variant. One at a time is enough, or the two that follow each other
# inside an emoji of several parts.
IN_PLACE = re.compile("[\u180b-\u180f\u200b-\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
IN_PLACE_AGAIN = re.compile(f"(\ufe0f\u200d|{IN_PLACE.pattern}){IN_PLACE.pattern}*")

# Marks on one letter. Latin needs two, Hebrew with vowels and accents
# five, Tibetan stacks up to eight letters.
SHARED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
THAI_AND_LAO, TIBETAN = re.compile("[\u0e00-\u0eff]"), re.compile("[\u0f00-\u0fff]")
MOST_SHARED_MARKS, MOST_MARKS, MOST_TIBETAN_MARKS, MOST_ALIKE = 3, 5, 8, 2


def _non_starters() -> str:
    """The characters that normalising puts in order, as ranges of a
    regular expression.
    """
    own = [code for code in range(0x20000) if unicodedata.combining(chr(code))]
    # starters made of nothing but such characters
    taken_apart = [0xF73, 0xF75, 0xF81, 0xFF9E, 0xFF9F]
    codes = sorted([*own, *taken_apart])
    firsts = [
        code
        for code, before in zip(codes, [-1, *codes], strict=False)
        if code != before + 1
    ]
    lasts = [
        code
        for code, after in zip(codes, [*codes[1:], -1], strict=True)
        if code != after - 1
    ]
    return "".join(
        f"{chr(first)}-{chr(last)}" for first, last in zip(firsts, lasts, strict=True)
    )


NON_STARTERS = _non_starters()
# As in the Stream-Safe Text Format (UAX 15, section 13): no text needs
# more than 30 in a row.
LONG_RUNS = re.compile(f"([{NON_STARTERS}]{{30}})[{NON_STARTERS}]+")


def normalized(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Normalise in time that grows with the length of the text: sorting a
    run of marks takes the square of its length.

    Every text of people is normalised here.
    """
    return unicodedata.normalize(form, LONG_RUNS.sub(r"\1", text))


def stands_on_another(character: str) -> bool:
    return unicodedata.category(character)[0] in "MZ" or bool(IN_PLACE.match(character))


def with_fewer_marks(text: str) -> str:
    """Take out marks beyond what one letter can carry, so that they are
    not painted over the lines around it.
    """
    kept: list[str] = []
    marks: list[str] = []
    for character in text:
        if IN_PLACE.match(character):
            kept.append(character)
        elif unicodedata.category(character) not in (
            "Mn",
            "Me",
        ) and not unicodedata.combining(character):
            marks.clear()
            kept.append(character)
        elif (
            len(marks) < _most_marks(character) and marks.count(character) < MOST_ALIKE
        ):
            marks.append(character)
            kept.append(character)
    return "".join(kept)


def in_place(text: str) -> str:
    """Take out joiners and selectors where they change nothing."""
    text = IN_PLACE_AGAIN.sub(r"\1", text)
    kept: list[str] = []
    for at, character in enumerate(text):
        if not IN_PLACE.match(character) or _belongs(
            character, "".join(kept[-6:]), text[at + 1 : at + 7]
        ):
            kept.append(character)
    return "".join(kept)


def _belongs(character: str, before: str, after: str) -> bool:
    """Return whether a joiner or selector changes what is seen between
    these texts.
    """
    if not before:
        return False
    last, coming = before[-1], after[:1]
    if "\ufe00" <= character <= "\ufe0f":
        if last in "0123456789#*":
            return coming == "\u20e3"  # a keycap
        return (
            is_emoji(last)
            or unicodedata.category(last) in ("Lo", "Sm", "Po", "Pd", "No")
            or last == "\u2139"
        )
    if character >= "\U000e0100":
        return unicodedata.category(last) == "Lo"  # another form of one ideograph
    if "\u180b" <= character <= "\u180f":
        return "\u1800" <= last <= "\u18af"
    if character == ZWSP:
        return _without_spaces(last) and _without_spaces(coming)
    virama = (
        unicodedata.combining(last) == 9 or unicodedata.combining(coming or " ") == 9
    )
    if character == ZWNJ:
        return (
            bool(coming)
            and unicodedata.category(coming)[0] in "LM"
            and (virama or _joins(before, ZWNJ + after))
        )
    if is_emoji(last) or last in "\ufe0e\ufe0f\U000e007f":
        return bool(coming) and is_emoji(coming)
    return virama or _joins(before, ZWNJ + "\u0628")


def _joins(before: str, after: str) -> bool:
    """Return whether the letters on both sides of a joiner would be
    written together (RFC 5892, appendix A.1).
    """
    try:
        return valid_contextj(before + after, len(before))
    except ValueError:  # a character that this Python does not know
        return False


def is_emoji(character: str) -> bool:
    """Return whether a character is a picture; also those that are newer
    than this Python's tables.
    """
    known = (
        unicodedata.category(character) == "So"
        or character in "\u2194\u2195\u25fd\u25fe"
    )
    return known or "\U0001f000" <= character <= "\U0001faff"


def _without_spaces(character: str) -> bool:
    """Return whether a character belongs to a script that writes words
    without spaces: Thai, Lao, Burmese, Khmer.
    """
    return (
        "\u0e00" <= character <= "\u0eff"
        or "\u1000" <= character <= "\u109f"
        or "\u1780" <= character <= "\u17ff"
    )


def _most_marks(mark: str) -> int:
    if SHARED_MARKS.match(mark) or THAI_AND_LAO.match(mark):
        return MOST_SHARED_MARKS
    if TIBETAN.match(mark):
        return MOST_TIBETAN_MARKS
    return MOST_MARKS
