"""Text that runs from right to left, and names of either direction inside
sentences of the other.
"""

import unicodedata

RIGHT_TO_LEFT = ("R", "AL")
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
# embeddings, overrides, isolates
CONTROLS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr", as the first letter that has a direction says
    (UAX 9, rule P2); "" without one.
    """
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return "ltr"
        if direction in RIGHT_TO_LEFT:
            return "rtl"
    return ""


def isolated(text: str) -> str:
    """Return text for the middle of a sentence, where nothing but plain
    text can stand: mails, subjects, labels.

    Text with letters from right to left is put between isolates, so that
    the sentence around it keeps its order. Controls of direction within
    the text go first: one that is not closed would turn the rest of the
    line round. Forms take them out too; this is for what stands in the
    database. Other text comes back as it is.
    """
    text = text.translate(CONTROLS)
    if text.isascii() or not any(
        unicodedata.bidirectional(c) in (*RIGHT_TO_LEFT, "AN") for c in text
    ):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
