"""The rule of the parser: where a pasted block begins and ends."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from text.pasted.kinds import Kind, kind_of, language_of, text_of
from text.pasted.signs import (
    BEGINS_TRACE,
    CHAINED,
    LONG_MESSAGE,
    MARKDOWN,
    SENTENCE,
    THREE_QUOTES,
)

LINES_MAX = 2_000  # of one block

QUOTED_MAX = 60  # lines of a string in three quotes


def pasted_plugin(parser: MarkdownIt) -> None:
    parser.block.ruler.before(
        "blockquote", "pasted", pasted, {"alt": ["paragraph", "reference"]}
    )


def pasted(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line) or start_line < state.env.get(
        "no_paste_before", 0
    ):
        return False
    first = kind_of(state, start_line, end_line)
    if first is not Kind.CERTAIN and (
        first is not Kind.LIKELY or text_of(state, start_line)[0] in ">|"
    ):
        return False
    after, looks_like_code = end_of_paste(
        state, start_line, end_line, certain=first is Kind.CERTAIN
    )
    if not looks_like_code:
        state.env["no_paste_before"] = after
        return False
    if silent:
        return True
    token = state.push("fence", "code", 0)
    token.info = language_of(text_of(state, start_line))
    token.content = (
        state.getLines(start_line, after, state.blkIndent, True).rstrip("\n") + "\n"
    )
    token.markup = "pasted"
    token.map = [start_line, after]
    state.line = after
    return True


def end_of_paste(
    state: StateBlock, start_line: int, end_line: int, *, certain: bool
) -> tuple[int, bool]:
    """The line behind the block that begins here, and whether it is code:
    one certain line, or two likely ones.
    """
    likely = 0
    beside = 0
    line = after = start_line
    in_trace = False
    while line < min(end_line, start_line + LINES_MAX):
        if state.isEmpty(line):
            follows = next_line_of_text(state, line, end_line)
            if follows < 0 or not may_follow_a_gap(state, follows, end_line):
                break
            line = follows
            continue
        if line > start_line and state.sCount[line] < state.blkIndent:
            break
        kind = kind_of(state, line, end_line)
        text = text_of(state, line)
        if kind is Kind.PROSE and not (certain and goes_on(text, in_trace)):
            break
        in_trace = in_trace or bool(BEGINS_TRACE.search(text))
        likely += kind in (Kind.CERTAIN, Kind.LIKELY)
        beside += kind in (Kind.INDENTED, Kind.CONTINUED)
        certain = certain or kind is Kind.CERTAIN
        line = end_of_quotes(state, line, end_line) + 1
        after = line
    looks_like_code = (
        certain
        or likely >= 2
        or (likely >= 1 and beside >= 1 and opens(state, start_line))
    )
    return max(after, start_line + 1), looks_like_code


def end_of_quotes(state: StateBlock, line: int, end_line: int) -> int:
    """The line in which a string in three quotes ends that this line
    begins; the line itself for none.
    """
    quotes = THREE_QUOTES.findall(text_of(state, line))
    if len(quotes) % 2 == 0:
        return line
    for below in range(line + 1, min(end_line, line + QUOTED_MAX)):
        if quotes[-1] in state.src[state.bMarks[below] : state.eMarks[below]]:
            return below
    return line


def may_follow_a_gap(state: StateBlock, line: int, end_line: int) -> bool:
    kind = kind_of(state, line, end_line)
    return kind in (Kind.CERTAIN, Kind.LIKELY, Kind.INDENTED) or bool(
        CHAINED.match(text_of(state, line))
    )


def next_line_of_text(state: StateBlock, line: int, end_line: int) -> int:
    for follows in range(line, min(end_line, line + 3)):
        if not state.isEmpty(follows):
            if state.sCount[follows] >= state.blkIndent:
                return follows
            return -1
    return -1


def goes_on(text: str, in_trace: bool) -> bool:
    """Whether a line of words may belong to a session or trace: a
    command's answer may be any words.
    """
    if MARKDOWN.match(text):
        return False
    return not SENTENCE.match(text) or (
        in_trace and "?" not in text[-3:] and bool(LONG_MESSAGE.search(text))
    )


def opens(state: StateBlock, line: int) -> bool:
    """Whether the first line asks for an indented one: `def f():`, `int
    main() {`, `model = nn.Sequential(`.
    """
    return text_of(state, line).rstrip().endswith((":", "{", "(", "[", ","))
