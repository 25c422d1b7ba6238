"""Plain text for mail, wrapped into lines with a hanging indent."""

import textwrap
from functools import lru_cache

WIDTH = 72


# cached: the mails of a run have most of their lines in common
@lru_cache(maxsize=2000)
def hang(text: str, indent: str) -> str:
    """The text in lines of at most WIDTH characters, each with `indent` before it. A
    bullet or number in the indent is only before the first line.
    """
    rest = indent if ">" in indent else " " * len(indent)
    words = " ".join(text.split())
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
