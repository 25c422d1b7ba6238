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

A store is bounded by the number of its cards and by their bytes: what members write may
be long, and is kept twice, in the row and in the HTML.

A row is a tuple of plain values that can be hashed. The template reads them, and
properties that are worked out from them alone: not from the database or the clock.
"""

import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from secrets import token_hex

from django.conf import settings
from django.template.loader import get_template
from markupsafe import Markup, escape

from lists.cache import TimedCache
from look.around import around

BYTES = 6_000  # of a card and its row, on the average of a full store
Pieces = tuple[str, ...]


class Card:
    """The pieces of a card, and whether they were used since they were last looked at."""

    __slots__ = ("pieces", "size", "used")

    def __init__(self, pieces: Pieces, size: int) -> None:
        self.pieces = pieces
        self.size = size  # in bytes, with the key
        self.used = False


class CardStore:
    """Cards by their keys, at most `most` of them and `most_bytes` together.

    To use a card only marks it, which needs no lock and no other order. Whoever needs
    room looks at the cards in turn: one that was used stays for another turn, and one
    that was not is dropped.
    """

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self.bytes = 0
        self._cards: OrderedDict[Hashable, Card] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Pieces | None:
        card = self._cards.get(key)
        if card is None:
            return None
        card.used = True
        return card.pieces

    def put(self, key: Hashable, pieces: Pieces) -> None:
        card = Card(pieces, size_of((key, pieces)))
        if card.size > self.most_bytes:
            return
        with self._lock:
            if key in self._cards:  # another thread has rendered it too
                return
            while self._is_full_for(card):
                self._look_at_next()
            self._cards[key] = card
            self.bytes += card.size

    def forget(self) -> None:
        with self._lock:
            self._cards.clear()
            self.bytes = 0

    def __len__(self) -> int:
        return len(self._cards)

    def _is_full_for(self, card: Card) -> bool:
        return len(self._cards) >= self.most or self.bytes + card.size > self.most_bytes

    def _look_at_next(self) -> None:
        key, card = self._cards.popitem(last=False)
        if card.used:
            card.used = False
            self._cards[key] = card
        else:
            self.bytes -= card.size


def size_of(value: object) -> int:
    """The bytes of a value, with all that a tuple holds."""
    size = sys.getsizeof(value)
    if isinstance(value, tuple):
        size += sum(map(size_of, value))
    return size


class Cards:
    def __init__(self, template: str, *, slots: Sequence[str] = (), most: int) -> None:
        """`most`: cards at most, of BYTES on the average."""
        self.template = template
        self.slots = slots
        self._kept = CardStore(most=most, most_bytes=most * BYTES)
        TimedCache.stores.append(self)

    def __call__(self, row: Hashable, **slots: object) -> Markup:
        """The HTML of a row. What is put into a slot is escaped unless it is HTML."""
        make = self._pieces if settings.DEBUG else self._kept_pieces
        pieces = list(make(row))
        # Each slot once, however often the card shows it, and none that it does not show.
        shown: dict[str, str] = {}
        for nth in range(1, len(pieces), 2):
            name = pieces[nth]
            if name not in shown:
                value = slots[name]
                shown[name] = value if type(value) is Markup else escape(value)
            pieces[nth] = shown[name]
        return Markup("".join(pieces))  # noqa: S704  (pieces of a rendered template)

    def fresh(self, row: Hashable, **slots: object) -> Markup:
        """The same, rendered again."""
        return Markup(get_template(self.template).render({"row": row, **slots}))  # noqa: S704

    def forget(self) -> None:
        self._kept.forget()

    def __len__(self) -> int:
        return len(self._kept)

    def _kept_pieces(self, row: Hashable) -> Pieces:
        page = around()
        key = (row, page.language, page.prefix)
        pieces = self._kept.get(key)
        if pieces is None:
            pieces = self._pieces(row)
            self._kept.put(key, pieces)
        return pieces

    def _pieces(self, row: Hashable) -> Pieces:
        """HTML and names of slots in turn."""
        # Nobody can write a mark: it is another one each time.
        mark = token_hex(16)
        marks = {name: Markup(f"{mark}{name}{mark}") for name in self.slots}  # noqa: S704
        return tuple(self.fresh(row, **marks).split(mark))
