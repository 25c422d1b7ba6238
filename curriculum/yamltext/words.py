"""What the parser's complaints mean, and signs of text that YAML
would change.
"""

import re

import yaml

# The parser's words, and ours.
WORDS = (
    ("found a tab character", "This line is indented with a tab: use spaces."),
    (
        "mapping values are not allowed",
        "A colon followed by a space stands inside a value: put the value in quotes.",
    ),
    (
        "cannot start any token",
        "A value starts with a tab or a sign that YAML keeps for itself: put it in quotes.",
    ),
    (
        "could not find expected ':'",
        "A name without its colon, or a line that is not indented enough.",
    ),
    (
        "did not find expected key",
        "This line does not fit the indentation or the quotes above it.",
    ),
    (
        "expected <block end>",
        "This line does not fit the indentation or the quotes above it.",
    ),
    (
        "did not find expected '-' indicator",
        "This line does not fit the list above it: check the indentation.",
    ),
    (
        "unexpected end of stream",
        "The text ends inside quotes that were opened here or above.",
    ),
    ("did not find expected ',' or", "A list or mapping in brackets is not closed."),
    (
        "expected alphabetic or numeric character",
        "A value starts with & or *, which YAML keeps: put it in quotes.",
    ),
    (
        "expected a comment or a line break",
        "After | or > the text begins on the next line.",
    ),
    (
        "expected comment or line break",
        "After | or > the text begins on the next line.",
    ),
    (
        "did not find expected node content",
        "A list or mapping in brackets is not closed, or holds a sign to quote.",
    ),
    ("expected ',' or", "A list or mapping in brackets is not closed."),
    (
        "block sequence entries are not allowed",
        "A list cannot start on this line: move the dash to a line of its own.",
    ),
    (
        "did not find URI escaped octet",
        "A value starts with !, which YAML keeps for itself: put it in quotes.",
    ),
    (
        "special characters are not allowed",
        "The file holds a character that cannot be shown.",
    ),
    (
        "control characters are not allowed",
        "The file holds a character that cannot be shown.",
    ),
)


BACKSLASH = "A backslash in double quotes: use single quotes, or write it twice."
TAB = "This line is indented with a tab: use spaces."
ODD_SPACE = (
    "This line is indented with a no-break or other special space: use ordinary spaces."
)
JOINED = (
    "YAML joins this line to the one before it: begin the text with | to keep the "
    "lines of a list, table or formula."
)
SMART_QUOTES = (
    "Curly quotes mean nothing in YAML: put the value in straight quotes, ' or \"."
)

# White space that looks like indentation and is none.
ODD_INDENT = re.compile(r" *([^\S \n]|[\u200b\u2060])[^\S\n\u200b\u2060]*")
# Lines that lose their meaning when they are joined to the line before:
# lists, headings, quotes, tables, fences.
OWN_LINE = re.compile(r"[ \t]*([-*+] |\d{1,3}[.)] |#{1,6} |> |\||```|~~~|\$\$)")
# Backslashes that may stand in double quotes: a doubled one, a quote, and
# letters beyond 16 bits as some tools write.
LONE_BACKSLASH = re.compile(r"(\\[\\\"]|\\U0001[0-9A-Fa-f]{4})|\\")
MENDED_MAX = 20
ODD_MAX = 50


def words_for(error: yaml.YAMLError, text: str, line: int) -> str:
    lines = text.split("\n", line)
    if line <= len(lines) and re.search(r":\s+[“”„«‘’]", lines[line - 1]):
        return SMART_QUOTES
    said = str(getattr(error, "problem", "") or error)
    return next(
        (ours for theirs, ours in WORDS if theirs in said),
        f"This is not readable as YAML: {said}.",
    )
