import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from text import sanitise
from text.attached import Attachments
from text.limits import (
    TEXT_MAX,
    TOO_DEEP,
    TOO_LARGE,
    TOO_LONG,
    TextRefused,
    at_most,
    without_surrogates,
)
from text.markdown.parser import PARSER
from text.markdown.renderer import Env
from text.shape import Mentions

DOC_ID = re.compile(r"[A-Za-z0-9-]+")


class Block(NamedTuple):
    """One block of the outermost level: its HTML before it is sanitised,
    and the line of the text behind it.
    """

    html: str
    end_line: int


def blocks_of(
    text: str,
    *,
    doc_id: str = "p",
    mentions: Mentions | None = None,
    attached: Attachments | None = None,
    breaks: bool = True,
) -> tuple[list[Token], list[Block]]:
    """The text parsed and rendered, once.

    Raises TextRefused; the HTML has yet to be cleaned.
    """
    if len(text) > TEXT_MAX:
        raise TextRefused(TOO_LONG)
    if not DOC_ID.fullmatch(doc_id):
        raise AssertionError(f"doc_id {doc_id!r} would not do as part of an id")
    env: Env = {
        "doc_id": doc_id,
        "mentions": mentions,
        "attached": attached,
        "breaks": breaks,
    }
    try:
        tokens = PARSER.parse(text, env)
        blocks = [
            Block(PARSER.renderer.render(group, PARSER.options, env), end_line)
            for group, end_line in outermost(tokens)
        ]
    except RecursionError:
        raise TextRefused(TOO_DEEP) from None
    if sum(len(block.html) for block in blocks) > at_most(len(text)):
        raise TextRefused(TOO_LARGE)
    return tokens, blocks


def outermost(tokens: Sequence[Token]) -> Iterator[tuple[Sequence[Token], int]]:
    depth = start = end_line = 0
    for number, token in enumerate(tokens, 1):
        depth += token.nesting
        if token.map:
            end_line = max(end_line, token.map[1])
        if depth == 0 or token is tokens[-1]:
            yield tokens[start:number], end_line
            start = number


def render(
    text: str,
    *,
    doc_id: str = "p",
    mentions: Mentions | None = None,
    attached: Attachments | None = None,
    breaks: bool = True,
) -> str:
    """Safe HTML from Markdown, for a page whose headings down to
    h2 are taken.

    `doc_id` (letters, digits, hyphens) keeps the footnotes of two texts on
    one page apart. `mentions` gives the address of the member with this
    handle, or None; it is asked once a handle. `attached` are the pictures
    and files that the text may show, by key. `breaks` keeps the ends of
    lines, as people type them; a document whose lines were wrapped at a
    width does without. Raises TextRefused, whose words are for the author;
    nothing is ever cut.
    """
    _, blocks = blocks_of(
        without_surrogates(text),
        doc_id=doc_id,
        mentions=mentions,
        attached=attached,
        breaks=breaks,
    )
    return sanitise.cleaned("".join(block.html for block in blocks))
