"""Tables and sections in Markdown. Pure."""

from collections.abc import Sequence

Cell = str | float | int | None


def cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
    return str(value)


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """The first column is text, the others are figures on the right."""
    texts = [list(head), *([cell(value) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines = [padded(row, widths) for row in (texts[0], rule, *texts[1:])]
    return "\n".join(lines)


def padded(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    cells = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
    return f"| {' | '.join(cells)} |"


def put_section(document: str, name: str, text: str) -> str:
    """The document with its section `name` replaced, or with it at
    the end.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{begin}\n{text.strip()}\n{end}"
    if begin not in document or end not in document:
        return f"{document.rstrip()}\n\n{section}\n"
    before, _, rest = document.partition(begin)
    _old, _, after = rest.partition(end)
    return f"{before}{section}{after}"
