"""Notices to owners: a few sentences about the site itself, sent through the ledger as
any other mail.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from mail import ledger
from mail.models import Delivery
from members.models import Member


@dataclass(frozen=True, slots=True)
class Notice:
    subject: str
    paragraphs: Sequence[str]
    path: str
    button: str

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Notice":
        return cls(**content)


def write(
    members: Iterable[Member], *, key: str, notice: Notice, now: datetime
) -> None:
    """Write a notice to each of the members. A second one with the same key is not written."""
    ledger.write(
        Delivery(
            member=member,
            kind=Delivery.Kind.NOTICE,
            key=key[:60],
            content=asdict(notice),
            written_at=now,
            not_before=now,
        )
        for member in members
    )
