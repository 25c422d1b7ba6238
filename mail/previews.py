"""Previews of a mail for the owner, who must be able to check mail, without the private
facts of its member.
"""

from copy import copy
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mail.models import Delivery
from members.models import Member


def for_reader(delivery: Delivery, reader: Member) -> Delivery:
    """The delivery itself for its own member. For anybody else an unsaved copy with
    invented values, which must not be saved.

    The goal, the minutes, marks and target, the next activity, the beginning of an
    absence, and what the member was told of are replaced. The links of the copy act for
    nobody. docs/privacy.md lists the fields.
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
    if content.get("answers"):
        content["answers"] = []
    if content.get("next"):
        title, path = _("(their next activity)"), reverse("curriculum:list")
        content["next"] = {"title": title, "step_title": title, "path": path}
        content["next"] |= {"minutes": 0, "aspect": "run", "step_number": 1}
    if content.get("curriculum"):
        content["curriculum"] = _("(their curriculum)")
    if content.get("step"):
        content["step"] = 1
        content["papers"] = [pick | {"words": ""} for pick in content.get("papers", [])]
    if "notifications" in content:
        content = {"notifications": [], "announcements": []}
        content["stands_in"] = _("(what the member was told of, shown to them only)")
    if "since" in content:
        content["since"] = delivery.written_at.date().isoformat()
    return content
