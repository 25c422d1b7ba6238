from typing import TypeVar
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookmarks.saved import on_page
from community.composer import composer
from community.feed import ALL, Order, feed, filters, notice
from community.kinds.base import Filter
from community.rail import rail
from community.subjects import Subject, fields_of
from community.views.targets import (
    subject_of_address,
)
from config.hosts import is_for_this_machine_only
from lists.keyset import Cursor
from look.environment import url
from members.requests import MemberRequest
from members.views import landing
from progress.announcements import announcements
from progress.context import current_enrollment

Choice = TypeVar("Choice", bound=TextChoices)


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The group's feed for members, the landing page for visitors."""
    return feed_page(request) if request.user.is_authenticated else landing(request)  # type: ignore[arg-type]


def feed_page(request: MemberRequest) -> HttpResponse:
    show = _filter(request.GET.get("show", ""))
    order = _one_of(Order, request.GET.get("order", ""), Order.ACTIVITY)
    cursor = Cursor.parse(request.GET.get("before", ""))
    subject = subject_of_address(request)
    everything = show == ALL and cursor is None and subject is None
    enrollment = current_enrollment(request)
    posts = feed(
        request.member,
        subject=subject,
        followed=enrollment.release.outline if enrollment else None,
        show=show,
        order=order,
        cursor=cursor,
    )
    context = {
        "posts": posts,
        "saved": on_page(request.member, posts=[row.post.pk for row in posts.rows]),
        "subject": subject,
        "composer": composer(request, subject),
        "notice": notice(request.member) if everything else None,
        "shows": [
            (choice, choice == show, _feed_address(choice, order))
            for choice in filters()
        ],
        "orders": [
            (choice, choice == order, _feed_address(show, choice)) for choice in Order
        ],
        "older": posts.older and _feed_address(show, order, posts.older, subject),
        "all": everything,
        "only_this_machine": is_for_this_machine_only,
        "announcements": announcements([request.member]).get(request.member.pk, [])
        if everything
        else [],
        **rail(request.member, enrollment, timezone.now()),
    }
    return render(request, "community/home.html", context)


def _feed_address(
    show: Filter,
    order: Order,
    before: Cursor | None = None,
    subject: Subject | None = None,
) -> str:
    wanted = {
        **fields_of(subject),
        "show": show != ALL and show.name,
        "order": order != Order.ACTIVITY and order.value,
        "before": before,
    }
    query = urlencode({name: value for name, value in wanted.items() if value})
    home = url("home")
    return f"{home}?{query}" if query else home


def _filter(name: str) -> Filter:
    return next((each for each in filters() if each.name == name), ALL)


def _one_of(choices: type[Choice], text: str, default: Choice) -> Choice:
    return choices(text) if text in choices.values else default
