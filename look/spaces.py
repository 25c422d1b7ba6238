"""White space that HTML ignores is for the people who write a template, and is not
sent.

Templates hold one element a line. Around elements that stand as blocks a browser
ignores the line breaks and the indentation, and inside a tag any white space is one
space. Line breaks at the start and at the end of an element's content are not sent
either. Elsewhere text and inline elements keep one space where the template has white
space.
This runs once, when a template is compiled.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

BLOCKS = frozenset(
    "html head body title meta link script style base noscript header main footer nav"
    " section article aside div p ul ol li dl dt dd h1 h2 h3 h4 h5 h6 hr br blockquote"
    " pre figure figcaption form fieldset legend details summary table caption thead"
    " tbody tr th td option optgroup path g rect text use circle line".split()
)
# Their content is sent as the template has it.
VERBATIM = frozenset(("pre", "textarea", "script", "style"))
# Statements whose content is a piece of its own.
STARTS = frozenset(("block", "call", "macro", "set"))
ENDS = frozenset(("endblock", "endcall", "endmacro", "endset"))
SPACE = re.compile(r"[ \t\n\r\f]+")
# White space with a line break at the start and at the end of an element's content.
FIRST_LINES = re.compile(r"^[ \t]*\n[ \t\n\r\f]*")
LAST_LINES = re.compile(r"[ \t]*\n[ \t\n\r\f]*$")
VOID = frozenset("area base br col embed hr img input link meta source wbr".split())
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# What matters inside a tag: a value in quotes, white space, its end.
IN_TAG = re.compile(r"""["']|[ \t\n\r\f]+|/?>""")


class Spaces(Extension):
    def filter_stream(self, stream: TokenStream) -> TokenStream | Iterator[Token]:
        if not (stream.name or "").endswith(".html"):
            return stream
        return _tightened(stream)


def _tightened(stream: TokenStream) -> Iterator[Token]:
    markup = MarkupReader()
    statement, before = "", Token(0, "initial", "")
    for token in stream:
        if before.type == "block_begin":
            statement = str(token.value)
            markup.begin(statement)
        if before.type == "block_end" and statement == "block":
            markup.begin_block(on_same_line=token.lineno == before.lineno)
        if is_gap_after_message(statement, before, token, str(stream.current.value)):
            yield Token(token.lineno, "data", markup.read(" "))
        before = token
        if token.type == "data":
            yield Token(token.lineno, "data", markup.read(str(token.value)))
            continue
        if token.type == "variable_begin" and (gap := markup.gap()):
            yield Token(token.lineno, "data", gap)
        markup.pass_by(token.type)
        yield token


def is_gap_after_message(
    statement: str, before: Token, token: Token, following: str
) -> bool:
    """Whether another statement stands on the line after a message: Jinja2 takes the
    white space between the two away.
    """
    if statement != "endtrans" or following in ENDS:
        return False
    if (before.type, token.type) != ("block_end", "block_begin"):
        return False
    end, begin = str(before.value), str(token.value)
    return "\n" in end and "-" not in end + begin


@dataclass
class Branches:
    """An `if` or a `for`: which of its branches is rendered is not known here."""

    before: bool
    is_inside: bool
    ends: list[bool] = field(default_factory=list)


class MarkupReader:
    """Reads the markup of a template piece by piece, between its tags of Jinja2."""

    def __init__(self) -> None:
        self.tag = ""  # the open tag that is being read
        self.quote = ""  # the quote of the value that is being read
        self.verbatim = ""  # the element that is sent as it is
        self.after_gap = True  # white space that follows changes nothing
        self.branches: list[Branches] = []
        self.is_inside = False  # just after an opening tag
        self.after_statement = False
        self.owes_space = False  # inside a tag, before the next attribute

    def begin(self, statement: str) -> None:
        """Each branch begins as the first one did."""
        if self.tag:
            return
        if statement in STARTS:
            self.after_gap = True
        elif statement == "endtrans":
            self.after_gap = False  # the message is trimmed
        elif statement in ("if", "for"):
            self.branches.append(Branches(self.after_gap, self.is_inside))
        elif statement in ("elif", "else") and self.branches:
            self.branches[-1].ends.append(self.after_gap)
            self.after_gap = self.branches[-1].before
            self.is_inside = self.branches[-1].is_inside
        elif statement in ("endif", "endfor") and self.branches:
            ended = self.branches.pop()
            self.after_gap = self.after_gap and ended.before and all(ended.ends)
            self.is_inside = False

    def begin_block(self, *, on_same_line: bool) -> None:
        """A page may add attributes to a tag of its frame: their space is sent."""
        if on_same_line:
            self.after_gap = False

    def pass_by(self, kind: str) -> None:
        """Something of Jinja2 stands between two pieces."""
        if kind == "variable_begin":
            self.after_gap = False
            self.is_inside = False
            self.owes_space = False
            self.after_statement = False
        if kind == "block_end":
            self.after_statement = True
        if kind == "block_end" and self.tag and not self.quote:
            self.owes_space = True

    def gap(self) -> str:
        """The space before a value that stands for attributes."""
        return " " if self.owes_space else ""

    def read(self, piece: str) -> str:
        out: list[str] = []
        while piece:
            if self.quote:
                piece = self._read_value(piece, out)
            elif self.tag:
                piece = self._read_tag(piece, out)
            elif self.verbatim:
                piece = self._read_verbatim(piece, out)
            else:
                piece = self._read_text(piece, out)
        return "".join(out)

    def _read_verbatim(self, piece: str, out: list[str]) -> str:
        end = piece.find(f"</{self.verbatim}")
        if end < 0:
            out.append(piece)
            return ""
        out.append(piece[:end])
        self.verbatim = ""
        return piece[end:]

    def _read_text(self, piece: str, out: list[str]) -> str:
        start = TAG.search(piece)
        text = piece
        if start:
            text = piece[: start.start()]
        if self.is_inside:
            text = FIRST_LINES.sub("", text)
            if self.after_statement:  # its line break is taken out before
                text = text.lstrip(" \t")
        if start and start[1]:
            text = LAST_LINES.sub("", text)
            if self.after_statement and not text.strip(" \t"):
                text = ""
        self.after_statement = False
        text = SPACE.sub(" ", text)
        if self.after_gap:
            text = text.removeprefix(" ")
        if start and start[2] in BLOCKS:
            text = text.removesuffix(" ")
        if text:
            out.append(text)
            self.after_gap = text.endswith(" ")
            self.is_inside = False
        if not start:
            return ""
        out.append(start[0])
        self.tag = start[1] + start[2]
        return piece[start.end() :]

    def _read_tag(self, piece: str, out: list[str]) -> str:
        if self.owes_space and re.match(r"[a-zA-Z_]", piece):
            out.append(" ")
        self.owes_space = False
        mark = IN_TAG.search(piece)
        if not mark:
            out.append(piece)
            return ""
        out.append(piece[: mark.start()])
        rest = piece[mark.end() :]
        if mark[0] in ("'", '"'):
            out.append(mark[0])
            self.quote = mark[0]
        elif mark[0].endswith(">"):
            out.append(mark[0])
            self._close_tag()
        else:
            self.owes_space = True
        return rest

    def _read_value(self, piece: str, out: list[str]) -> str:
        end = piece.find(self.quote)
        if end < 0:
            out.append(piece)
            return ""
        out.append(piece[: end + 1])
        self.quote = ""
        return piece[end + 1 :]

    def _close_tag(self) -> None:
        name = self.tag.removeprefix("/")
        if self.tag in VERBATIM:
            self.verbatim = name
        self.after_gap = name in BLOCKS
        self.is_inside = name == self.tag and name not in VOID
        self.tag = ""
