"""Code in, highlighted HTML out: class names only, coloured by richtext.css."""

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound


def highlighted(source: str, language: str) -> str:
    """The code with spans around its parts; empty when the language is unknown."""
    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return ""
    return highlight(source, lexer, HtmlFormatter(nowrap=True))
