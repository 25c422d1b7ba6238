"""Finished pieces of pages that a process keeps, such as a post in a list.

    POSTS = Cards("community/_post.html", slots=("csrf_input", "posted"), most=2_000)

    POSTS(row, csrf_input=csrf_input, posted=when(row.post.posted_at))

The template gets `row` and the slots, and nothing else: no request and no reader. So a
card is made of nothing but the values of its row, and these values are its key. A card
of words that were edited, or of a reader who has reacted, is another card. There is
nothing to make invalid, in however many processes.

What the reader may do and has done is therefore a part of the row. What differs with
each request has a slot: the template shows it as `{{ csrf_input }}`, and it is put in
when the card is used. A slot is for text and not for conditions.

A row is a tuple of plain values that can be hashed. The template reads them, and
properties that are worked out from them alone: not from the database or the clock.
"""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from secrets import token_hex

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.translation import get_language
from markupsafe import Markup, escape

from lists.cache import TimedCache


class Cards:
    def __init__(self, template: str, *, slots: Sequence[str] = (), most: int) -> None:
        """`most`: cards at most; then the one that was used longest ago goes."""
        self.template = template
        self.slots = slots
        self._kept = lru_cache(maxsize=most)(self._pieces)
        TimedCache.stores.append(self)

    def __call__(self, row: Hashable, **slots: object) -> Markup:
        """The HTML of a row. What is put into a slot is escaped unless it is HTML."""
        make = self._pieces if settings.DEBUG else self._kept
        pieces = make(row, get_language(), get_script_prefix())
        filled = [
            escape(slots[piece]) if nth % 2 else piece
            for nth, piece in enumerate(pieces)
        ]
        return Markup("".join(filled))  # noqa: S704  (pieces of a rendered template)

    def fresh(self, row: Hashable, **slots: object) -> Markup:
        """The same, rendered again."""
        return Markup(get_template(self.template).render({"row": row, **slots}))  # noqa: S704

    def forget(self) -> None:
        self._kept.cache_clear()

    def __len__(self) -> int:
        return self._kept.cache_info().currsize

    def _pieces(self, row: Hashable, language: str, prefix: str) -> tuple[str, ...]:
        """HTML and names of slots in turn."""
        # Nobody can write a mark: it is another one each time.
        mark = token_hex(16)
        marks = {name: Markup(f"{mark}{name}{mark}") for name in self.slots}  # noqa: S704
        return tuple(self.fresh(row, **marks).split(mark))
