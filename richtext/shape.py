"""One pass over the parsed text before it is rendered: headings, links, pictures, tables, mentions."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from richtext.limits import BRACKETS_MAX, EXPANSION_MAX, NESTING_MAX, TOO_DEEP, TOO_MANY_LINKS, TextRefused
from richtext.sanitise import FOR_PICTURES, OUR_PICTURE, REL

Mentions = Callable[[str], str | None]

HEADING_SHIFT = 2  # the page has the h1, its parts the h2
MENTIONS_MAX = 50  # different members in one text; each may cost the caller a query
MENTION = re.compile(r"(?<![\w@/.-])@([A-Za-z0-9_](?:[\w.-]{0,38}\w)?)")
FOREIGN = re.compile(r"(?:https?:)?//", re.IGNORECASE)
LABEL_MAX = 80


def refuse_deep_blocks(state: StateCore) -> None:
    """The block parser drops what nests deeper than its own limit; ours is lower, so nothing is dropped unseen."""
    for token in state.tokens:
        if token.level > NESTING_MAX or open_brackets(token.content) > BRACKETS_MAX:
            raise TextRefused(TOO_DEEP)


def open_brackets(line: str) -> int:
    """How many `[` stand open at once at most: each may begin a link, so each is tried to the end of its paragraph."""
    deepest = depth = 0
    for bracket in re.findall(r"[\[\]]", line):
        depth = depth + 1 if bracket == "[" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def shape(state: StateCore) -> None:
    budget = EXPANSION_MAX
    mentions = MentionFinder(state.env.get("mentions"))
    for place, token in enumerate(state.tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + HEADING_SHIFT)}"
        elif token.type == "table_open":
            token.meta["label"] = label_of_table(state.tokens, place)
        elif token.type == "th_open" and not state.tokens[place + 1].content.strip():
            # The corner of a table heads nothing: an empty header cell is read out as one without a name.
            state.tokens[place].type, state.tokens[place].tag = "td_open", "td"
            state.tokens[place + 2].type, state.tokens[place + 2].tag = "td_close", "td"
        elif token.type == "inline":
            budget -= cost_of_links(token.children or [])
            if budget < 0:
                raise TextRefused(TOO_MANY_LINKS)
            token.children = list(shaped(token.children or [], mentions))


def label_of_table(tokens: Sequence[Token], place: int) -> str:
    """`Table: Model, Accuracy`, so that a screen reader tells one region from the next."""
    cells: list[str] = []
    while tokens[place].type != "thead_close":
        if tokens[place].type == "inline":
            cells.append(words_of(tokens[place].children or []))
        place += 1
    names = ", ".join(" ".join(cell.split()) for cell in cells if cell.strip())
    return f"Table: {names[:LABEL_MAX]}" if names else "Table"


def words_of(tokens: Iterable[Token]) -> str:
    """The plain words of a line: no marks, a picture's description, a formula's source."""
    return "".join(word_of(token) for token in tokens)


def word_of(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "math_inline":
        return f"${token.content.strip()}$"
    if token.type == "image":
        return words_of(token.children or [])
    return token.content if token.type in ("text", "text_special", "code_inline") else ""


def shaped(tokens: Sequence[Token], mentions: "MentionFinder") -> Iterator[Token]:
    depth = links = 0
    for place, token in enumerate(tokens):
        depth += token.nesting
        if depth > NESTING_MAX:
            raise TextRefused(TOO_DEEP)
        if token.type == "link_open":
            links += 1
            yield link(token)
            if tokens[place + 1].type == "link_close":
                yield text(str(token.attrs["href"]))  # a link without words cannot be found by ear
        elif token.type == "link_close":
            links -= 1
            yield token
        elif token.type == "image":
            yield from picture(token, inside_link=links > 0)
        elif token.type == "text" and not links:
            yield from mentions.in_text(token)
        else:
            yield token


def link(token: Token) -> Token:
    if FOREIGN.match(str(token.attrs["href"])):
        token.attrSet("rel", REL)
    return token


def picture(token: Token, *, inside_link: bool) -> Iterator[Token]:
    """Pictures of our own are shown; a picture elsewhere would tell that site who reads, so it becomes a link."""
    source = str(token.attrs["src"])
    words = " ".join(words_of(token.children or []).split())
    if OUR_PICTURE.fullmatch(source):
        token.children = [text(words)]
        token.attrs.update(FOR_PICTURES)
        yield token
    elif inside_link:
        yield text(words or source)
    else:
        attributes = {"href": source, "class": "image-link", "title": str(token.attrs.get("title", ""))}
        yield link(Token("link_open", "a", 1, attrs={name: value for name, value in attributes.items() if value}))
        yield text(words or source)
        yield Token("link_close", "a", -1)


def text(words: str) -> Token:
    return Token("text", "", 0, content=words)


def cost_of_links(tokens: Iterable[Token]) -> int:
    return sum(len(str(value)) for token in tokens if token.attrs for value in token.attrs.values())


class MentionFinder:
    """Turns `@handle` into a link to the member, asking for each handle once."""

    def __init__(self, address_of: Mentions | None) -> None:
        self.address_of = address_of
        self.known: dict[str, str | None] = {}

    def address(self, handle: str) -> str | None:
        if handle not in self.known and self.address_of and len(self.known) < MENTIONS_MAX:
            self.known[handle] = self.address_of(handle)
        return self.known.get(handle)

    def in_text(self, token: Token) -> Iterator[Token]:
        words, end = token.content, 0
        for found in MENTION.finditer(words) if self.address_of else ():
            if address := self.address(found[1]):
                yield text(words[end : found.start()])
                yield Token("link_open", "a", 1, attrs={"href": address, "class": "mention"})
                yield text(found[0])
                yield Token("link_close", "a", -1)
                end = found.end()
        yield text(words[end:])
