"""Rules of the parser that are ours."""

import re

from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline, newline

from text.limits import CELLS_MAX, TOO_MANY_CELLS, TextRefused

INDENT_MAX = 40  # spaces before a line that are kept
NAME_IN_PYTHON = re.compile(
    r"__(?:(?:init|main|name|call|new|del|repr|str|len|iter|next|enter|exit|getitem"
    r"|setitem|contains|getattr|setattr|file"
    r"|doc|dict|class|slots|all|version|version_info|future|post_init|init_subclass"
    r"|eq|ne|lt|gt|le|ge|hash|add|sub|mul|matmul"
    r"|truediv|floordiv|pow|neg|and|or|xor|radd|rmul|iadd|imul|bool|int|float|index"
    r"|module|qualname|annotations|builtins"
    r"|import|path|package|missing|format|copy|deepcopy|reduce|getstate|setstate"
    r"|array|await|aiter|anext|global|device|host"
    r"|shared|syncthreads|restrict|pycache|torch_function)__(?!\w)|[a-z]\w{0,40}__(?=\.py\b|\(\)))"
)


def bounded_table(
    state: StateBlock, start_line: int, end_line: int, silent: bool
) -> bool:
    is_table = table(state, start_line, end_line, True)
    if silent or not is_table:
        return is_table
    columns = state.getLines(start_line + 1, start_line + 2, 0, False).count("|") + 1
    rows = (
        next(
            (line for line in range(start_line, end_line) if state.isEmpty(line)),
            end_line,
        )
        - start_line
    )
    if columns * rows > CELLS_MAX:
        raise TextRefused(TOO_MANY_CELLS)
    return table(state, start_line, end_line, False)


def line_end(state: StateInline, silent: bool) -> bool:
    """As the rule of CommonMark, but spaces that begin the next line are
    counted: they may have a meaning.
    """
    before = state.pos
    if not newline(state, silent):
        return False
    if not silent:
        state.tokens[-1].meta["indent"] = min(INDENT_MAX, state.pos - before - 1)
    return True


def name_in_python(state: StateInline, silent: bool) -> bool:
    """`__init__` outside code is a name and no bold word."""
    found = NAME_IN_PYTHON.match(state.src, state.pos, state.posMax)
    if not found or state.src[max(0, state.pos - 1) : state.pos].isalnum():
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True
