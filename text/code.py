"""Code in, HTML with Pygments' short class names out; minibatch.css gives
them their colours.

Only languages of this list: each was tried with hostile input, since a
pattern of a lexer can take minutes on a line made for it.
"""

import functools
import html
import re

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

# characters: the cost of most patterns grows with the square of the line
LINE_MAX = 1_000
# Patterns for C, Java and Python run over words and blanks to the next
# sign: ten thousand blank lines take seconds.
LONG_RUN = re.compile(r"[\w*\s]{400}")
LANGUAGES = {
    "python": "python py python3 py3 ipython ipython3 jupyter sage",
    "pycon": "pycon python-console",
    "bash": "bash sh shell zsh",
    "console": "console shell-session terminal",
    "json": "json jsonl ipynb",
    "yaml": "yaml yml",
    "toml": "toml",
    "ini": "ini cfg conf",
    "c": "c h",
    "cpp": "cpp c++ cc cxx hpp",
    "cuda": "cuda cu",
    "rust": "rust rs",
    "go": "go golang",
    "java": "java",
    "kotlin": "kotlin kt",
    "swift": "swift",
    "javascript": "javascript js node",
    "typescript": "typescript ts",
    "html": "html",
    "xml": "xml",
    "css": "css",
    "sql": "sql",
    "julia": "julia jl",
    "r": "r rlang",
    "matlab": "matlab octave",
    "lua": "lua torch",
    "haskell": "haskell hs",
    "ruby": "ruby rb",
    "diff": "diff patch udiff",
    "docker": "docker dockerfile",
    "make": "make makefile",
    "latex": "latex tex bibtex",
    "markdown": "markdown md",
}
NAMES: dict[str, str] = {}
for _name, _aliases in LANGUAGES.items():
    NAMES |= dict.fromkeys(_aliases.split(), _name)
FORMATTER = HtmlFormatter(nowrap=True)


def highlighted(source: str, info: str) -> str:
    """The inside of a <code>: with spans when the fence names a language
    of ours, plain otherwise.
    """
    lexer = lexer_for(language_of(info))
    if (
        lexer is None
        or LONG_RUN.search(source)
        or any(len(line) > LINE_MAX for line in source.split("\n"))
    ):
        return html.escape(source)
    return highlight(source, lexer, FORMATTER)


def language_of(info: str) -> str:
    """The language a fence names: `python`, `Python title="x"`,
    `{python}`, `{.python .numberLines}`.
    """
    found = re.match(r"\s*\{?\s*\.?([\w+#-]+)", info)
    if found:
        return NAMES.get(found[1].lower(), "")
    return ""


@functools.cache
def lexer_for(language: str) -> Lexer | None:
    if language:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    return None
