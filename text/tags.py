"""The few HTML tags that every Markdown forum takes: details, summary, br,
sub, sup, kbd. Comments vanish.

What is written for them is always a bare tag: attributes are dropped, an
end without a beginning vanishes, and what was never ended ends with its
paragraph, or for `details` with the text, list item or quote around it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from text.limits import TOO_DEEP, TextRefused

DETAILS_MAX = 10  # folds inside folds

ATTRIBUTES = r"(?:\s[^<>]{0,200})?"
SMALL_TAG = re.compile(rf"<(/?)(br|sub|sup|kbd){ATTRIBUTES}/?>", re.IGNORECASE)
FOLD_TAG = re.compile(rf"<(/?)(details|summary){ATTRIBUTES}/?>", re.IGNORECASE)
COMMENT_START, COMMENT_END = "<!--", "-->"


def tags_plugin(parser: MarkdownIt) -> None:
    parser.inline.ruler.before("autolink", "small_tag", small_tag)
    parser.inline.ruler.before("small_tag", "comment", inline_comment)
    parser.block.ruler.before(
        "reference", "fold", fold, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    parser.block.ruler.before(
        "fold",
        "comment",
        block_comment,
        {"alt": ["paragraph", "reference", "blockquote"]},
    )
    parser.core.ruler.after("block", "balance_folds", balance_folds)


def small_tag(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "<":
        return False
    found = SMALL_TAG.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    name = found[2].lower()
    if name == "br":
        if not silent:
            state.push("hardbreak", "br", 0)
        end = found.end()
        # A line end behind the tag is the same break.
        if state.src.startswith("\n", end, state.posMax):
            state.pos = end + 1
        else:
            state.pos = end
        return True
    if not silent and found[1]:
        state.push("small_tag_close", name, 0)
    elif not silent:
        state.push("small_tag_open", name, 0)
    state.pos = found.end()
    return True


def balanced(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens of a line in which every small tag that opens closes,
    inside the emphasis or link around it.
    """
    open_tags: list[str] = []
    outer: list[int] = []  # how many tags were open when each emphasis or link began
    for token in tokens:
        within = 0
        if outer:
            within = outer[-1]
        if token.type == "small_tag_open":
            if token.tag in open_tags or len(open_tags) >= DETAILS_MAX:
                continue  # as people forget the slash: a second <sub> inside <sub>
            open_tags.append(token.tag)
        elif token.type == "small_tag_close":
            if token.tag not in open_tags[within:]:
                continue
            yield from closings(open_tags, open_tags.index(token.tag, within) + 1)
            open_tags.pop()
        elif token.nesting == 1:
            outer.append(len(open_tags))
        elif token.nesting == -1 and outer:
            yield from closings(open_tags, outer.pop())
        yield token
    yield from closings(open_tags, 0)


def closings(open_tags: list[str], down_to: int) -> Iterator[Token]:
    while len(open_tags) > down_to:
        yield Token("small_tag_close", open_tags.pop(), 0)


def inline_comment(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(COMMENT_START, state.pos, state.posMax):
        return False
    barren_text, barren_from = state.env.get("no_comment_ends", ("", 0))
    if barren_text is state.src and state.pos >= barren_from:
        return False
    # A link's label holds all of a comment or none of it: the label is
    # looked for first, and that look passes over comments.
    end = state.src.find(COMMENT_END, state.pos + 4)
    if end < 0:
        state.env["no_comment_ends"] = (state.src, state.pos)
        return False
    state.pos = end + 3
    return True


def block_comment(
    state: StateBlock, start_line: int, end_line: int, silent: bool
) -> bool:
    """A comment that begins a line, over empty lines too; what stands
    behind its end on the line is a paragraph.
    """
    if state.is_code_block(start_line):
        return False
    first = line_of(state, start_line)
    if not first.startswith(COMMENT_START) or start_line < state.env.get(
        "no_comment_block", 0
    ):
        return False
    line = start_line
    place = first.find(COMMENT_END, 4)
    while place < 0:
        line += 1
        if line >= end_line or (
            state.sCount[line] < state.blkIndent and not state.isEmpty(line)
        ):
            state.env["no_comment_block"] = line
            return False
        place = line_of(state, line).find(COMMENT_END)
    rest = line_of(state, line)[place + 3 :].strip()
    if rest and line == start_line:
        return False  # the line's own rule takes it out
    if silent:
        return True
    if rest:
        paragraph(state, rest, line)
    state.line = line + 1
    return True


def fold(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A line with <details> or <summary> in it, or with one of their ends."""
    if state.is_code_block(start_line):
        return False
    line = line_of(state, start_line)
    if "<" not in line:
        return False
    found = FOLD_TAG.search(line)
    if not found or "`" in line[: found.start()]:
        return False
    if silent:
        return True
    end = 0
    while found:
        words = line[end : found.start()].strip()
        if words:
            paragraph(state, words, start_line)
        name = found[2].lower()
        token = Token(f"{name}_open", name, 0)
        if found[1]:
            token.type = f"{name}_close"
        token.block = True
        token.level = state.level
        token.map = [start_line, start_line + 1]
        state.tokens.append(token)
        end = found.end()
        found = FOLD_TAG.search(line, end)
    if rest := line[end:].strip():
        paragraph(state, rest, start_line)
    state.line = start_line + 1
    return True


def paragraph(state: StateBlock, words: str, line: int) -> None:
    lines = [line, line + 1]
    state.push("paragraph_open", "p", 1).map = lines
    token = state.push("inline", "", 0)
    token.content = words
    token.map = lines
    token.children = []
    state.push("paragraph_close", "p", -1)


def balance_folds(state: StateCore) -> None:
    """Every fold ends where it may: with the list item or quote that it
    stands in, at the latest with the text.
    """
    if any(token.tag in ("details", "summary") for token in state.tokens):
        state.tokens = list(folded(state.tokens))


def folded(tokens: Sequence[Token]) -> Iterator[Token]:
    folds = 0
    # how many folds were open when each list, item or quote began
    outer: list[int] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        place += 1
        within = 0
        if outer:
            within = outer[-1]
        if token.type == "details_open":
            folds += 1
            if folds > DETAILS_MAX:
                raise TextRefused(TOO_DEEP)
            token.nesting = 1
            yield token
            summary, place = summary_at(tokens, place)
            yield from summary
        elif token.type == "details_close":
            if folds > within:
                folds -= 1
                token.nesting = -1
                yield token
        elif token.type in ("summary_open", "summary_close"):
            continue
        else:
            if token.nesting == 1:
                outer.append(folds)
            elif token.nesting == -1 and outer:
                down_to = outer.pop()
                yield from ends(folds - down_to)
                folds = down_to
            yield token
    yield from ends(folds)


def summary_at(tokens: Sequence[Token], place: int) -> tuple[list[Token], int]:
    """The summary that opens here, with the words of its paragraphs, and
    the place behind it; none if none opens.
    """
    if place >= len(tokens) or tokens[place].type != "summary_open":
        return [], place
    inside: list[Token] = []
    for end in range(place + 1, len(tokens)):
        token = tokens[end]
        if token.type == "summary_close":
            break
        if token.type == "inline":
            if inside:
                inside.append(space())
            inside.append(token)
        elif token.type not in ("paragraph_open", "paragraph_close"):
            # A list or another fold ends the line that stands above the
            # fold.
            return around(inside), end
    else:
        end = len(tokens) - 1
    return around(inside), end + 1


def space() -> Token:
    """Between two paragraphs that become one line."""
    return Token("inline", "", 0, content=" ", children=[])


def around(inside: Sequence[Token]) -> list[Token]:
    if not inside:
        return []
    return [
        Token("summary_open", "summary", 1),
        *inside,
        Token("summary_close", "summary", -1),
    ]


def ends(count: int) -> Iterable[Token]:
    return [Token("details_close", "details", -1) for _ in range(count)]


def line_of(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
