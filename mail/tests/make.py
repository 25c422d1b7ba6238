from datetime import datetime
from typing import Any

from mail.models import Delivery
from members.models import Member
from members.tests.make import make_member


def make_delivery(
    member: Member | None = None, *, written_at: datetime, **fields: Any
) -> Delivery:
    member = member or make_member()
    values = {"kind": "digest", "key": "2026-W47", "not_before": written_at, **fields}
    return Delivery.objects.create(member=member, written_at=written_at, **values)
