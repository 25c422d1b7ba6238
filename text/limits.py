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
# A text of n characters may become `at_most(n)` characters of HTML. Formulas
# and tables become ten to fifteen times as long as they were typed, prose
# hardly any longer.
HTML_FLOOR, HTML_TIMES, HTML_MAX = 20_000, 16, 600_000
# Of these may be addresses and titles of links, which a short reference
# repeats: what a text of one address in Chinese is, and some more.
LINKS_FLOOR, LINKS_TIMES = 10_000, 10


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
TOO_LARGE = "This text becomes too large a page to be shown. Please split it in two."


def at_most(length: int) -> int:
    """How many characters of HTML a text of `length` characters may become."""
    return min(HTML_MAX, HTML_FLOOR + HTML_TIMES * length)


def colours_at_most(length: int) -> int:
    """How many characters of HTML code of `length` characters may become; what becomes
    longer, such as a table of single digits, stays without colours.
    """
    return 2_000 + 15 * length


def links_at_most(length: int) -> int:
    """How many of them may be addresses and titles of links."""
    return min(at_most(length), LINKS_FLOOR + LINKS_TIMES * length)


SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """Half a character, as a cut JSON escape leaves it, cannot be
    written in UTF-8.
    """
    return SURROGATE.sub("\ufffd", text)
