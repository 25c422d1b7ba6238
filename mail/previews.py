"""A mail as somebody else may look at it: the owner answers for mail, and a member's
week is the member's own.
"""

from copy import copy
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mail.models import Delivery
from members.models import Member


def for_reader(delivery: Delivery, reader: Member) -> Delivery:
    """The delivery itself for the member it is written to; for anybody else a copy with
    stand-ins, never to be saved.

    Stand-ins are there for her goal, her minutes, marks and target, what comes next for
    her, since when she was away, and the links that act for her: those of the copy
    belong to nobody. docs/privacy.md lists the fields.
    """
    if delivery.member_id == reader.pk:
        return delivery
    shown = copy(delivery)
    member = copy(delivery.member)
    member.pk = 0
    if member.goal or member.goal_words:
        member.goal_words = _(
            "(the goal that the member wrote, shown to the member only)"
        )
    shown.member = member
    shown.content = _stand_ins(delivery)
    return shown


def _stand_ins(delivery: Delivery) -> dict[str, Any]:
    content = dict(delivery.content)
    if week := content.get("week"):
        nothing = dict.fromkeys(week["minutes"], 0)
        content["week"] = week | {
            "minutes": nothing,
            "shares": dict.fromkeys(week["shares"], 0),
            "target": 60,
        }
        content["week"] |= {"active_days": 0, "activities_done": 0}
    if content.get("next"):
        title, path = _("(their next activity)"), reverse("curriculum:list")
        content["next"] = {"title": title, "step_title": title, "path": path}
        content["next"] |= {"minutes": 0, "aspect": "run", "step_number": 1}
    if content.get("curriculum"):
        content["curriculum"] = _("(their curriculum)")
    if content.get("step"):
        content["step"] = 1
        content["papers"] = [pick | {"words": ""} for pick in content.get("papers", [])]
    if "since" in content:
        content["since"] = delivery.written_at.date().isoformat()
    return content
