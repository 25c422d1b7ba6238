"""The page of notifications, and what marks them as read."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from community.kinds.announcement import AnnouncementKind
from community.newer import Newer, newer_than
from community.views.targets import visible_post
from config.values import number
from lists.keyset import Cursor
from look.frame import BELLS, Bell
from members.requests import MemberRequest, came_from
from notifications import actions, announcements, unread
from notifications.days import by_day, one_by_one
from notifications.listed import Show, page
from notifications.models import WatchLevel

IN_MENU = 5  # lines in the menu of the bell


@require_safe
def notifications(request: MemberRequest) -> HttpResponse:
    """What the member was told of, newest first."""
    member, now = request.member, timezone.now()
    show = _show(request.GET.get("show", ""))
    cursor = Cursor.parse(request.GET.get("before", ""))
    mine = unread.of(request)
    rows = page(member, mine.state, show=show, cursor=cursor, now=now)
    context = {
        "days": by_day(rows.shown, member, mine.state, now),
        "shows": [
            (_label(request, each), each == show, _address(each)) for each in Show
        ],
        "show": show,
        "older": rows.older and _address(show, rows.older),
        "until": str(Cursor(now, 0)),
        "is_first": cursor is None,
    }
    return render(request, "notifications/notifications.html", context)


@require_safe
def bell(request: MemberRequest) -> HttpResponse:
    """What has changed on an open page: the bell, if `unread` is no longer its number, and
    the line below a discussion, if no longer `shown` comments are newer than the comment
    `newest` of the post `post`.

    One query, that of the session, and one for a post: pages ask this while they are
    looked at.
    """
    count, line = unread.total(request), _newer(request)
    changed = Markup()
    if number(request.GET.get("unread", "")) != count:
        changed += BELLS(Bell(count))
    if line and number(request.GET.get("shown", "")) != line.number:
        changed += line.html()
    return HttpResponse(changed) if changed else HttpResponse(status=204)


@require_safe
def menu(request: MemberRequest) -> HttpResponse:
    """The newest things that the member was told of, for the menu of the bell. Opening
    one reads it; opening the menu reads nothing.
    """
    member = request.member
    mine = unread.of(request)
    rows = page(member, mine.state, now=timezone.now(), most=IN_MENU)
    context = {
        "lines": one_by_one(rows.shown, member, mine.state),
        "in_words": Bell(unread.total(request)).in_words,
    }
    return render(request, "notifications/_bell_menu.html", context)


def _newer(request: MemberRequest) -> Newer | None:
    """What is newer than the page of a post shows; None for other pages."""
    post = number(request.GET.get("post", ""))
    newest = number(request.GET.get("newest", ""))
    if post is None or newest is None:
        return None
    return newer_than(request.member, post, newest)


@require_POST
def read(request: MemberRequest) -> HttpResponse:
    """Mark everything until the moment `until`, or what is below the post `post`, as read."""
    post = number(request.POST.get("post", ""))
    if post is not None:
        _read_post(request, post)
        return redirect(_page_before(request))
    show = _show(request.POST.get("show", ""))
    cursor = Cursor.parse(request.POST.get("until", ""))
    if cursor:
        _read_until(request, show, cursor)
    return redirect(_address(show))


def _read_post(request: MemberRequest, pk: int) -> None:
    post, now = visible_post(request, pk), timezone.now()
    actions.read_post(request.member, post.pk, now=now)
    if post.kind == AnnouncementKind.name:
        actions.read_announcements(request.member, [post.pk], now=now)


def _read_until(request: MemberRequest, show: Show, cursor: Cursor) -> None:
    member, now = request.member, timezone.now()
    count = 0
    if show.has_rows:
        until = min(cursor.moment, now)
        count += actions.read_all(member, until=until, now=now, only=show.kinds)
    if show.has_announcements:
        news = announcements.newest(member, now)
        state = unread.of(request).state
        new = [each for each in news if each.moment <= cursor.moment]
        new = [each for each in new if not state.has_read(each)]
        if new:
            actions.read_announcements(member, [each.post_id for each in new], now=now)
        count += len(new)
    messages.success(request, _("%(n)s marked as read.") % {"n": count})


def _label(request: MemberRequest, show: Show) -> str:
    count = unread.total(request) if show is Show.UNREAD else 0
    return f"{show.label} {Bell(count).in_words}" if count else str(show.label)


def watch(request: MemberRequest, pk: int) -> HttpResponse:
    """The menu of levels for a post, in place of the link to it, or as a page. A press
    chooses one.
    """
    post = visible_post(request, pk)
    context = {"post": post, "levels": WatchLevel}
    if request.method != "POST":
        context["level"] = actions.level(request.member, post)
        template = "_watch_menu.html" if request.htmx else "watch.html"
        return render(request, f"notifications/{template}", context)
    wanted = request.POST.get("level", "")
    if wanted not in WatchLevel.values:
        raise Http404
    actions.watch(request.member, post, wanted, now=timezone.now())
    if not request.htmx:
        return redirect(post)
    context["level"] = WatchLevel(wanted)
    return render(request, "notifications/_watched.html", context)


def _show(name: str) -> Show:
    return Show(name) if name in Show.values else Show.ALL


def _address(show: Show, before: Cursor | None = None) -> str:
    wanted = {"show": show.value, "before": before}
    query = urlencode({name: value for name, value in wanted.items() if value})
    path = reverse("notifications:notifications")
    return f"{path}?{query}" if query else path


def _page_before(request: MemberRequest) -> str:
    """The page with the button, if the browser sent a referrer."""
    return came_from(request) or reverse("notifications:notifications")
