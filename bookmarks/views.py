"""What a member saved: the list, one thing of it, and the button that saves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookmarks import actions, dates
from bookmarks.forms import NoteForm, ReminderForm
from bookmarks.keys import Kind, ThingKey, key_of
from bookmarks.listing import Choice, counts, listing, with_things
from bookmarks.models import Bookmark
from config.values import BIGGEST, number
from mail.chosen import chosen
from mail.due.turns import is_paused
from members.requests import MemberRequest, came_from

LOOKS = ("icon", "button", "entry")  # of the button that saves
UNDONE = {"done": actions.undo_done, "remove": actions.undo_remove}


@dataclass(frozen=True, slots=True)
class PageOfList:
    """The page of the list that is shown, and what can be undone there."""

    choice: Choice = Choice.ALL
    after: str = ""
    undo: str = ""  # what was done, and the id of the bookmark: “remove.12”

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "PageOfList":
        show = given.get("show", "")
        choice = Choice(show) if show in Choice.values else Choice.ALL
        return cls(choice, given.get("after", "")[:50], given.get("undo", ""))

    def url(self, *, undo: str = "", anchor: str = "") -> str:
        pairs = {"show": str(self.choice.value), "after": self.after, "undo": undo}
        query = urlencode({name: value for name, value in pairs.items() if value})
        return f"{reverse('bookmarks:list')}{'?' * bool(query)}{query}{anchor}"

    def next_url(self, cursor: str) -> str:
        return PageOfList(self.choice, cursor).url()

    def one_url(self, pk: int) -> str:
        """The page of one thing, which leads back to this page of the list."""
        _list, mark, query = self.url().partition("?")
        return f"{reverse('bookmarks:one', args=[pk])}{mark}{query}"

    @property
    def to_undo(self) -> tuple[str, int] | None:
        what, _dot, pk = self.undo.partition(".")
        value = number(pk)
        if what not in UNDONE or value is None:
            return None
        return what, value


def saved(request: MemberRequest) -> HttpResponse:
    page, preference = PageOfList.of(request.GET), chosen(request.member)
    context = _list(request, page) | {
        "mail": preference,
        "is_paused": is_paused(request.member, preference, timezone.now()),
    }
    return render(request, "bookmarks/list.html", context)


def _list(request: MemberRequest, page: PageOfList) -> dict[str, Any]:
    today = request.member.local(timezone.now()).date()
    numbers = counts(request.member)
    return {
        "page": page,
        "today": today,
        "choices": [(each, numbers.get(each), _url(each)) for each in Choice],
        "listing": listing(
            request.member, choice=page.choice, after=page.after, today=today
        ),
        "is_done": page.choice is Choice.DONE,
        "has_any": any(numbers.values()),
    }


def _url(choice: Choice) -> str:
    return PageOfList(choice).url()


def one(request: MemberRequest, pk: int) -> HttpResponse:
    """One saved thing with the forms for its day and note: a part of the list, or
    without scripts a page. `done`, `remove`, `undo`, `date`, `set` and `note` say what
    was pressed.
    """
    bookmark = _mine(request, pk)
    if request.method != "POST":
        return _forms(request, bookmark)
    now = timezone.now()
    page = PageOfList.of(request.POST)
    if "done" in request.POST:
        actions.mark_done(bookmark, now=now)
        return _listed(request, page, f"done.{pk}")
    if "remove" in request.POST:
        actions.remove(bookmark, now=now)
        return _listed(request, page, f"remove.{pk}")
    undo = UNDONE.get(request.POST.get("undo", ""))
    if undo:
        undo(bookmark)
        return _listed(request, page)
    if "note" in request.POST:
        return _note(request, bookmark, page)
    if request.POST.keys() & {"date", "day"}:
        return _remind(request, bookmark, page)
    return HttpResponseBadRequest(_("This action is unknown."))


def _mine(request: MemberRequest, pk: int) -> Bookmark:
    mine = Bookmark.objects.of(request.member).filter(pk=min(pk, BIGGEST))
    bookmark = mine.first()
    if bookmark is None:
        raise Http404
    bookmark.member = request.member
    return bookmark


def _listed(request: MemberRequest, page: PageOfList, undo: str = "") -> HttpResponse:
    """The list again, with a way back from `undo`."""
    if not request.htmx:
        return redirect(page.url(undo=undo))
    page = PageOfList(page.choice, page.after, undo)
    return render(request, "bookmarks/_list.html", _list(request, page))


def _remind(
    request: MemberRequest, bookmark: Bookmark, page: PageOfList
) -> HttpResponse:
    now = timezone.now()
    form = ReminderForm(request.POST, today=bookmark.member.local(now).date())
    if form.is_valid():
        try:
            actions.remind(bookmark, form.cleaned_data["chosen"], now=now)
        except actions.DayOver as refused:
            form.add_error("day", str(refused))
    if form.errors:
        return _forms(request, bookmark, reminder=form)
    return redirect(page.url(anchor=f"#bookmark-{bookmark.pk}"))


def _note(request: MemberRequest, bookmark: Bookmark, page: PageOfList) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _forms(request, bookmark, note=form)
    actions.note(bookmark, form.cleaned_data["note"])
    return redirect(page.url(anchor=f"#bookmark-{bookmark.pk}"))


def _forms(
    request: MemberRequest,
    bookmark: Bookmark,
    *,
    reminder: ReminderForm | None = None,
    note: NoteForm | None = None,
) -> HttpResponse:
    today = bookmark.member.local(timezone.now()).date()
    is_refused = bool(reminder or note)
    given = request.POST if request.method == "POST" else request.GET
    context = {
        "saved": with_things(request.member, [bookmark])[0],
        "page": PageOfList.of(given),
        "today": today,
        "days": [(name, day(today)) for name, day in dates.CHOICES.items()],
        "reminder": reminder or ReminderForm(today=today),
        "note": note or NoteForm(initial={"note": bookmark.note}),
        "is_done": bookmark.done_at is not None,
        "is_refused": is_refused,
    }
    if is_refused:
        return render(request, "bookmarks/one.html", context, status=422)
    template = "_menu.html" if request.htmx else "one.html"
    return render(request, f"bookmarks/{template}", context)


@require_POST
def press(request: MemberRequest) -> HttpResponse:
    """Save a thing with `wanted=on`, take it off the list with anything else."""
    key = key_of(request.POST.get("kind", ""), request.POST.get("key", ""))
    if key is None:
        raise Http404
    bookmark, refusal = _press(request, key)
    if request.htmx:
        look = request.POST.get("look", "")
        context = {
            "key": key,
            "look": look if look in LOOKS else LOOKS[0],
            "bookmark": bookmark,
            "refusal": refusal,
        }
        return render(request, "bookmarks/_pressed.html", context)
    if refusal:
        messages.error(request, refusal)
    elif bookmark:
        messages.success(request, _("Saved. You find it under your account."))
    else:
        messages.success(request, _("No longer saved."))
    return redirect(_page_before(request, key))


def _press(request: MemberRequest, key: ThingKey) -> tuple[Bookmark | None, str]:
    """The bookmark, if the thing is saved now; and why it is not."""
    now = timezone.now()
    if request.POST.get("wanted") == "on":
        try:
            return actions.save(request.member, key, now=now), ""
        except actions.NotSaved as refused:
            return None, str(refused)
    mine = Bookmark.objects.of(request.member).open().filter(**key._asdict())
    for bookmark in mine:
        actions.remove(bookmark, now=now)
    return None, ""


def _page_before(request: MemberRequest, key: ThingKey) -> str:
    """The page with the button, at the text, if the browser sent a referrer."""
    back = came_from(request)
    if not back:
        return reverse("bookmarks:list")
    if key.kind in (Kind.POST, Kind.COMMENT):
        return f"{back.partition('#')[0]}#{key.kind}-{key.key}"
    return back
