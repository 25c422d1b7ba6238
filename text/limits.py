"""What a text may cost, and the refusal that its author reads."""

import re

TEXT_MAX = 100_000  # characters
# quotes in lists in quotes, or emphasis in links in emphasis; a list costs
# two
NESTING_MAX = 20
BRACKETS_MAX = 100  # left open in one paragraph
FORMULAS_MAX = 1_000  # in one text; those beyond stay as their source
# characters of code in one text; code beyond stays without colours
HIGHLIGHT_MAX = 10_000
# in one table: three characters of Markdown can ask for a row of a hundred
# empty cells
CELLS_MAX = 10_000
# characters of link addresses and titles: a long reference can be used a
# thousand times
EXPANSION_MAX = 1_000_000


class TextRefused(ValueError):
    """The text cannot be shown; the message says why, in words for
    its author.

    Nothing of the text is lost.
    """


TOO_LONG = f"This text is longer than {TEXT_MAX:,} characters. Please split it in two."
TOO_DEEP = (
    "This text nests quotes, lists or emphasis too deeply to be shown. Please "
    "make it flatter."
)
TOO_MANY_CELLS = (
    f"A table of this text has more than {CELLS_MAX:,} cells. Please "
    "split it, or share it as a file."
)
TOO_MANY_LINKS = (
    "This text repeats its links too often to be shown. Please use fewer "
    "or shorter addresses."
)

SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """Half a character, as a cut JSON escape leaves it, cannot be
    written in UTF-8.
    """
    return SURROGATE.sub("\ufffd", text)
