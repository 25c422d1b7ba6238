"""Plain text for mail: lines that fit, with an indent that hangs."""

import textwrap
from functools import lru_cache

WIDTH = 72


# the mails of a run have most of their lines in common
@lru_cache(maxsize=2000)
def hang(text: str, indent: str) -> str:
    """The text in lines of at most WIDTH, each behind `indent`; a bullet or number
    stands once, before the first.
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
