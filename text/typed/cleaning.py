"""Texts, lines, names and addresses as they are stored."""

import re
import unicodedata

from text.typed.characters import (
    ZWSP,
    in_place,
    is_emoji,
    normalized,
    stands_on_another,
    with_fewer_marks,
)

# U+3000 is not among them: paragraphs in Chinese and Japanese begin with
# two of it.
SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800]")
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
TERMINAL_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# Never needed: control characters, fillers without width, embeddings and
# overrides of direction, what Unicode deprecates, and what is no
# character.
NEVER_NEEDED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5"
    "\u202a-\u202e\u2060-\u2065\u206a-\u206f\u3164"
    "\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    "\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)
# The flags of England, Scotland and Wales are a black flag and letters
# that cannot be seen. They stay there.
TAGS = re.compile(
    "(\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)|[\U000e0000-\U000e007f]"
)

# a text of nothing else is empty
UNSEEN = ("Cc", "Cf", "Mc", "Me", "Mn", "Zl", "Zp", "Zs")
ISOLATES = re.compile("[\u2066-\u2069]")
MARKS_OF_DIRECTION = re.compile("[\u061c\u200e\u200f]")

# characters of an e-mail address that is folded; NFKC makes up to 18 out
# of one
LONGEST_ADDRESS = 320


def clean_text(text: str) -> str:
    """Return text of several lines: line ends as LF, letters composed
    (Unicode NFC), nothing that cannot be seen.

    Indentation and tabs stay, and so does what scripts need: joiners in
    Persian and Hindi, word ends in Khmer, marks and closed isolates of
    direction, emoji of several parts.
    """
    text = NEVER_NEEDED.sub("", LINE_ENDS.sub("\n", TERMINAL_COLOURS.sub("", text)))
    if text.isascii():
        return text
    # What is taken out first brings marks together, which are then put in
    # order and counted.
    if ISOLATES.search(text):
        text = "\n".join(map(_closed, text.split("\n")))
    text = normalized("NFC", TAGS.sub(r"\1", SPACES.sub(" ", text)))
    text = normalized("NFC", in_place(with_fewer_marks(text)))
    if all(unicodedata.category(character) in UNSEEN for character in text):
        return ""
    return text


def clean_line(text: str) -> str:
    """Return text of one line: as `clean_text`, with every run of white
    space as one space.
    """
    text = clean_text(
        " ".join(ISOLATES.sub("", LINE_ENDS.sub("\n", text)).replace(ZWSP, "").split())
    )
    # A mark at the front would stand on whatever a page shows before the
    # text.
    start = next(
        (at for at, character in enumerate(text) if not stands_on_another(character)),
        len(text),
    )
    return " ".join(text[start:].split())


def clean_name(text: str) -> str:
    """Return a name or a title's key: as `clean_line`, and texts that look
    the same become the same text.
    """
    return clean_line(MARKS_OF_DIRECTION.sub("", text))


def clean_address(text: str) -> str:
    """Return an e-mail address as mail programs write it: without unseen
    characters, full-width letters as ASCII.

    A text that is longer than any address keeps its letters as they are.
    """
    name = clean_name(text)
    if len(name) > LONGEST_ADDRESS:
        return name
    return clean_name(normalized("NFKC", name))


def can_be_seen(name: str) -> bool:
    """Return whether a cleaned name has a letter, a digit or an emoji."""
    return any(
        unicodedata.category(character)[0] in "LN" or is_emoji(character)
        for character in name
    )


def _closed(line: str) -> str:
    """Take out isolates of direction that are not closed on their own
    line, and ends without a beginning.
    """
    opened: list[int] = []
    lonely: set[int] = set()
    for at, character in enumerate(line):
        if character == "\u2069" and not opened:
            lonely.add(at)
        elif character == "\u2069":
            opened.pop()
        elif "\u2066" <= character <= "\u2068":
            opened.append(at)
    lonely.update(opened)
    return "".join(character for at, character in enumerate(line) if at not in lonely)
