"""A text rendered once, in the forms that are stored beside each other:
the whole, its beginning, its first words.
"""

import re
from dataclasses import dataclass

from markdown_it.token import Token

from text import plaintext, sanitise
from text.attached import Attachments
from text.limits import without_surrogates
from text.markdown import Block, Mentions, blocks_of

FOOTNOTE_MARK = re.compile(r'<sup class="footnote-ref">.*?</sup>')


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one pass over a text gave. Make it with `rendered`."""

    text: str
    html: str
    blocks: list[Block]
    tokens: list[Token]

    def beginning(self, *, lines: int, characters: int, html: int) -> str:
        """Safe HTML of the leading blocks that fit, each whole; empty when
        the first is longer.

        They fit into so many lines and characters of Markdown, and into
        `html` characters of HTML: what few characters refer to may be long.
        Footnotes stand below the whole text only, so their marks
        are left out.
        """
        ends = [0]
        for line in self.text.split("\n"):
            ends.append(ends[-1] + len(line) + 1)
        fitting = ""
        for block in self.blocks:
            end = min(block.end_line, len(ends) - 1)
            if (
                end > lines
                or ends[end] - 1 > characters
                or len(fitting) + len(block.html) > html
                or 'class="footnotes"' in block.html
            ):
                break
            fitting += block.html
        if fitting:
            return sanitise.cleaned(FOOTNOTE_MARK.sub("", fitting))
        return ""

    def excerpt(self, limit: int) -> str:
        """At most `limit` characters of the first words, on one
        line of plain text.
        """
        return plaintext.first_words(self.tokens, limit)


def rendered(
    text: str,
    *,
    doc_id: str = "p",
    mentions: Mentions | None = None,
    attached: Attachments | None = None,
    breaks: bool = True,
) -> Rendered:
    """As `text.render`, with the beginning and the first words
    from the same pass.

    Raises TextRefused.
    """
    text = without_surrogates(text)
    tokens, blocks = blocks_of(
        text, doc_id=doc_id, mentions=mentions, attached=attached, breaks=breaks
    )
    return Rendered(
        text, sanitise.cleaned("".join(block.html for block in blocks)), blocks, tokens
    )
