"""Templates of mails that are rendered, and whose styles are inlined, once for each
shape.

The mails of a run have different texts, but few shapes: whether there are posts, how
many releases. For each shape the template is rendered with a mark in place of each
text, and its styles are inlined. A mail is then the pieces between the marks, joined
with its escaped texts. Text parts are made in the same way, without styles and escapes.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

from config.plaintext import render_text

# Two characters of Unicode's private use area, which no template contains.
MARK = "\ue000{}\ue001"
MARKS = re.compile("\ue000([0-9]+)\ue001")
MOST = 500  # shapes; then all are dropped, so that memory stays limited

Inline: TypeAlias = Callable[[str], str]
Escape: TypeAlias = Callable[[str], str]


class Fact(str):
    """A text that belongs to the shape: the template compares it, or uses it as a class."""


@dataclass(frozen=True, slots=True)
class Inlined:
    """HTML that is inserted as it is, since it was escaped and inlined before."""

    html: str

    def __bool__(self) -> bool:
        return bool(self.html)


@dataclass(frozen=True, slots=True)
class Skeleton:
    pieces: Sequence[str]  # one more than there are marks
    numbers: Sequence[int]  # of the text after each piece but the last

    def filled(self, texts: Sequence[str]) -> str:
        parts = [self.pieces[0]]
        for number, piece in zip(self.numbers, self.pieces[1:], strict=True):
            parts += (texts[number], piece)
        return "".join(parts)


@dataclass(slots=True)
class Skeletons:
    inline: Inline
    escape: Escape
    _made: dict[Any, Skeleton] = field(default_factory=dict)

    def fill(self, template: str, context: Mapping[str, Any]) -> str:
        """The template rendered with the context.

        Texts are escaped. Numbers and booleans belong to the shape. Lists may hold
        dictionaries.
        """
        texts: list[str] = []
        key = (template, self._shape(context, texts))
        if key not in self._made:
            if len(self._made) >= MOST:
                self._made.clear()
            self._made[key] = self._make(template, context)
        return self._made[key].filled(texts)

    def _shape(self, value: Any, texts: list[str]) -> Any:
        """The part of the value that belongs to the shape. Its texts are appended to
        `texts`.
        """
        # By the exact type first: this runs forty times for each mail.
        kind = type(value)
        if kind is str:
            return self._text(value, texts)
        if kind is dict:
            return (*value, *[self._shape(each, texts) for each in value.values()])
        if kind is list:
            return tuple([self._shape(each, texts) for each in value])
        if kind is Inlined:
            if value:
                texts.append(value.html)
            return bool(value)
        if isinstance(value, str) and kind is not Fact:
            return self._text(value, texts)
        return value

    def _text(self, value: str, texts: list[str]) -> int | str:
        if not value:
            return value
        texts.append(self.escape(value))
        return 1

    def _make(self, template: str, context: Mapping[str, Any]) -> Skeleton:
        marked = _marked(context, count())
        html = self.inline(render_text(template, marked))
        pieces = MARKS.split(html)
        return Skeleton(pieces[::2], [int(number) for number in pieces[1::2]])


def _marked(value: Any, numbers: Iterator[int]) -> Any:
    """The value with a mark in place of each text, numbered in the order of `_shape`."""
    if isinstance(value, Fact) or not value:
        return value
    if isinstance(value, str | Inlined):
        return MARK.format(next(numbers))
    if isinstance(value, list):
        return [_marked(each, numbers) for each in value]
    if isinstance(value, dict):
        return {name: _marked(each, numbers) for name, each in value.items()}
    return value
