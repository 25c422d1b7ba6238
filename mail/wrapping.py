"""Plain text for mail: lines that fit, with an indent that hangs."""

import textwrap

WIDTH = 72


def hang(text: object, indent: str) -> str:
    """The text in lines of at most WIDTH, each behind `indent`; a bullet or number
    stands once, before the first.
    """
    rest = indent if ">" in indent else " " * len(indent)
    words = " ".join(str(text).split())
    return textwrap.fill(
        words,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
