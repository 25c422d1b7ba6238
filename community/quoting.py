"""Quotations: what somebody wrote, as Markdown for an answer. Knows no Django."""

import re

LENGTH_MAX = 2_000  # characters of what is quoted
MARKS = re.compile(r"([\\\[\]<>*_`~$|&])")


def quotation(author: str, address: str, words: str) -> str:
    """The words as a block that names their author and links to `address`, and an empty
    line after it. Long words are cut at a line, and an ellipsis follows.
    """
    name = MARKS.sub(r"\\\1", " ".join(author.split()))
    lines = [f"[{name}]({address}):", "", *_beginning(words)]
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n\n"


def _beginning(words: str) -> list[str]:
    words = words.replace("\r\n", "\n").strip("\n")
    if len(words) <= LENGTH_MAX:
        return words.split("\n")
    cut = words[:LENGTH_MAX]
    whole = cut.rpartition("\n")[0] or cut
    return [*whole.split("\n"), "…"]
