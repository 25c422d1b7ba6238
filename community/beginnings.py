"""How a long text begins: its first blocks, for lists that do not show the whole. Pure."""

import re

LENGTH_MAX = 500  # characters
LINES_MAX = 9

FENCE = re.compile(r" {0,3}(`{3,}|~{3,}|\$\$)")


def beginning_of(text: str) -> str:
    """The leading paragraphs, lists, formulas and code of a Markdown text, each whole; empty if the first is long."""
    lines = text.split("\n")
    end, fence = 0, ""
    for number, line in enumerate(lines):
        if number == LINES_MAX or len("\n".join(lines[: number + 1])) > LENGTH_MAX:
            break
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
            if mark[1] == "$$" and line.strip() != "$$" and line.rstrip().endswith("$$"):
                fence = ""  # it closes on its own line
        if not fence and (number + 1 == len(lines) or not lines[number + 1].strip()):
            end = number + 1
    return "\n".join(lines[:end]).strip("\n")
