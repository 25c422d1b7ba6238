"""One pass over the parsed text before it is rendered: headings, links,
pictures, tables, mentions.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from text import attached
from text.attached import Attachment, Attachments
from text.direction import direction_of
from text.limits import (
    BRACKETS_MAX,
    NESTING_MAX,
    TOO_DEEP,
    TOO_MANY_LINKS,
    TextRefused,
    links_at_most,
)
from text.sanitise import FOR_PICTURES, OPEN_PICTURE, REL
from text.tags import balanced
from text.texwords import words_of_formula

Mentions = Callable[[str], str | None]

HEADING_SHIFT = 2  # the page has the h1, its parts the h2
NAMED_BY_CONTENT = {"heading", "th", "summary"}  # and links
MENTIONS_MAX = 50  # different members in one text; each may cost the caller a query
MENTION = re.compile(r"(?<![\w@/.-])@(\w(?:[\w.-]{0,38}\w)?)")
FOREIGN = re.compile(r"(?:https?:)?//", re.IGNORECASE)
LABEL_MAX = 80


def handles_in(text: str) -> set[str]:
    """The first MENTIONS_MAX handles of a text as typed, those in code too."""
    found: set[str] = set()
    for match in MENTION.finditer(text):
        if len(found) == MENTIONS_MAX:
            break
        found.add(match[1])
    return found


def refuse_deep_blocks(state: StateCore) -> None:
    """The block parser drops what nests deeper than its own limit; ours is
    lower, so nothing is dropped unseen.
    """
    for token in state.tokens:
        if token.level > NESTING_MAX or open_brackets(token.content) > BRACKETS_MAX:
            raise TextRefused(TOO_DEEP)


def open_brackets(line: str) -> int:
    """How many `[` stand open at once at most: each may begin a link, so
    each is tried to the end of its paragraph.
    """
    deepest = depth = 0
    for bracket in re.findall(r"[\[\]]", line):
        if bracket == "[":
            depth = depth + 1
        else:
            depth = max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def shape(state: StateCore) -> None:
    budget = links_at_most(len(state.src))
    mentions = MentionFinder(state.env.get("mentions"))
    attachments: Attachments = state.env.get("attached") or {}
    named = 0  # how many open blocks take their name from what they hold
    for place, token in enumerate(state.tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + HEADING_SHIFT)}"
        elif token.type == "table_open":
            token.meta["label"] = label_of_table(state.tokens, place)
        elif token.type == "th_open" and not state.tokens[place + 1].content.strip():
            # The corner of a table heads nothing: an empty header cell is
            # read out as one without a name.
            state.tokens[place].type, state.tokens[place].tag = "td_open", "td"
            state.tokens[place + 2].type, state.tokens[place + 2].tag = "td_close", "td"
        elif token.type == "inline":
            budget -= cost_of_links(token.children or [])
            if budget < 0:
                raise TextRefused(TOO_MANY_LINKS)
            token.children = list(
                balanced(list(shaped(token.children or [], mentions, attachments)))
            )
            name_formulas(token.children, named=named > 0)
        if token.type.rpartition("_")[0] in NAMED_BY_CONTENT:
            named += token.nesting
    set_directions(state.tokens)


def name_formulas(tokens: Iterable[Token], *, named: bool) -> None:
    """Mark the formulas that an element around them is named by: all of a
    block that is `named`, and those of links.
    """
    links = 0
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            links += token.nesting
        if token.type == "math_inline" and (named or links > 0):
            token.meta["named"] = True


# whose direction is not that of the block around them
ALONE = {"th_open", "td_open", "summary_open"}


def set_directions(tokens: Sequence[Token]) -> None:
    """Mark what runs from right to left: outermost blocks, tables and
    their cells, summaries, paragraphs of footnotes.

    The rest follows the block or the page around it.
    """
    waiting: list[Token] = []  # blocks without a letter so far
    table: list[Token] = []  # as its first cell with a letter
    in_notes = 0
    for token in tokens:
        if token.type.startswith("footnote_block"):
            in_notes += token.nesting
        if (
            token.type == "inline"
            and waiting
            and (direction := direction_of(spoken(token.children or [])))
        ):
            if direction == "rtl":
                for block in waiting + table:
                    block.attrSet("dir", "rtl")
            waiting.clear()
            table.clear()
        elif token.nesting == 1 and (
            token.type in ALONE or (in_notes and token.type == "paragraph_open")
        ):
            waiting = [token]
        elif token.nesting == 1 and token.level == 0:
            waiting, table = [token], []
            if token.type == "table_open":
                waiting, table = [], [token]


def spoken(tokens: Iterable[Token]) -> str:
    """The words of a line without code and formulas, which are written
    from left to right in every language.
    """
    return "".join(
        token.content for token in tokens if token.type in ("text", "text_special")
    )


def label_of_table(tokens: Sequence[Token], place: int) -> str:
    """`Table: Model, Accuracy`, so that a screen reader tells one region
    from the next.
    """
    cells: list[str] = []
    while tokens[place].type != "thead_close":
        if tokens[place].type == "inline":
            cells.append(words_of(tokens[place].children or []))
        place += 1
    names = ", ".join(" ".join(cell.split()) for cell in cells if cell.strip())
    if names:
        return f"Table: {names[:LABEL_MAX]}"
    return "Table"


def words_of(tokens: Iterable[Token]) -> str:
    """The plain words of a line: no marks, a picture's description, a
    formula's signs.
    """
    return "".join(word_of(token) for token in tokens)


def word_of(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "math_inline":
        return words_of_formula(token.content)
    if token.type == "image":
        return words_of(token.children or []) or attached.NO_WORDS
    if token.type in ("text", "text_special", "code_inline"):
        return token.content
    return ""


def shaped(
    tokens: Sequence[Token], mentions: "MentionFinder", attachments: Attachments
) -> Iterator[Token]:
    depth = links = 0
    is_left_out = False  # the link around these words
    for place, token in enumerate(tokens):
        depth += token.nesting
        if depth > NESTING_MAX:
            raise TextRefused(TOO_DEEP)
        if token.type == "link_open" and not lead(token, attachments):
            is_left_out = True
        elif token.type == "link_close" and is_left_out:
            is_left_out = False
        elif token.type == "link_open":
            links += 1
            yield link(token)
            if tokens[place + 1].type == "link_close":
                # a screen reader cannot name a link without words
                yield text(str(token.attrs["href"]))
        elif token.type == "link_close":
            links -= 1
            yield token
        elif token.type == "image":
            yield from picture(token, attachments, inside_link=links > 0)
        elif token.type == "text" and not links:
            yield from mentions.in_text(token)
        else:
            yield token


def lead(token: Token, attachments: Attachments) -> bool:
    """Let a link to a picture or a file lead there. False if the text may not."""
    named = attached.NAMED.fullmatch(str(token.attrs["href"]))
    if named is None:
        return True
    token.attrSet("href", attached.address_of(named, attachments))
    token.attrSet("class", "attached")
    return bool(token.attrs["href"])


def link(token: Token) -> Token:
    if FOREIGN.match(str(token.attrs["href"])):
        token.attrSet("rel", REL)
    return token


def picture(
    token: Token, attachments: Attachments, *, inside_link: bool
) -> Iterator[Token]:
    """Pictures of our own are shown; a picture elsewhere would tell that
    site who reads, so it becomes a link.
    """
    source = str(token.attrs["src"])
    words = " ".join(words_of(token.children or []).split())
    if shown := attached.shown_picture(source, attachments):
        token.children = [text(words)]
        yield from own_picture(token, *shown, inside_link=inside_link)
    elif attached.NAMED.fullmatch(source):
        yield text(words or attached.NO_WORDS)
    elif inside_link:
        yield text(words or source)
    else:
        attributes = {
            "href": source,
            "class": "image-link",
            "title": str(token.attrs.get("title", "")),
        }
        yield link(
            opening({name: value for name, value in attributes.items() if value})
        )
        yield text(words or source)
        yield closing()


def own_picture(
    token: Token, key: str, size: Attachment, *, inside_link: bool
) -> Iterator[Token]:
    """The small form, which leads to the large one."""
    token.attrs["src"] = attached.small(key)
    token.attrs.update(width=size.width, height=size.height, **FOR_PICTURES)
    if inside_link:
        yield token
        return
    attributes = {"href": attached.large(key), "class": "picture"}
    if not words_of(token.children or []):
        attributes["aria-label"] = OPEN_PICTURE
    yield opening(attributes)
    yield token
    yield closing()


def opening(attributes: dict[str, str]) -> Token:
    return Token("link_open", "a", 1, attrs={**attributes})


def closing() -> Token:
    return Token("link_close", "a", -1)


def text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def cost_of_links(tokens: Iterable[Token]) -> int:
    values = chain.from_iterable(token.attrs.values() for token in tokens)
    return sum(len(str(value)) for value in values)


class MentionFinder:
    """Turns `@handle` into a link to the member, asking for each
    handle once.
    """

    def __init__(self, address_of: Mentions | None) -> None:
        self.address_of = address_of
        self.known: dict[str, str | None] = {}

    def address(self, handle: str) -> str | None:
        if (
            handle not in self.known
            and self.address_of
            and len(self.known) < MENTIONS_MAX
        ):
            self.known[handle] = self.address_of(handle)
        return self.known.get(handle)

    def in_text(self, token: Token) -> Iterator[Token]:
        words, end = token.content, 0
        if self.address_of is None:
            yield text(words)
            return
        for found in MENTION.finditer(words):
            if address := self.address(found[1]):
                yield text(words[end : found.start()])
                yield Token(
                    "link_open", "a", 1, attrs={"href": address, "class": "mention"}
                )
                yield text(found[0])
                yield closing()
                end = found.end()
        yield text(words[end:])
