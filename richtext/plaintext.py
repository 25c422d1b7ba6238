"""Markdown in, one line of plain text out: previews, mail, titles."""

from richtext.markdown import PARSER


def plain(text: str, limit: int) -> str:
    """At most `limit` characters on one line, cut at a word with an ellipsis; formulas stay as their source."""
    words: list[str] = []
    for token in PARSER.parse(text[: limit * 10]):
        for child in token.children or [token]:
            if child.type in ("text", "code_inline", "math_inline", "math_block", "fence", "code_block"):
                words.append(child.content)
    line = " ".join(" ".join(words).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
