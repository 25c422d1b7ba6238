"""Voting and adding options in place, in lists and on the page of a post."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from community.actions import polls
from community.actions.refusals import Refused
from community.composer import EmptyCommentForm
from community.poll_forms import AddedOptionForm
from community.polls.page import Typed
from community.polls.shown import ShownPoll, opened_poll, visible_poll
from community.views.post_page import page_of
from community.views.targets import (
    or_404,
    page_before,
    unfolded_post,
    visible_post,
)
from config.values import number
from members import toomany
from members.limits import TooMany
from members.requests import MemberRequest


def vote(request: MemberRequest, pk: int) -> HttpResponse:
    """Vote for `option`, or for each `place-` of a ranking; take the vote back with
    `back=1`.
    """
    if request.method != "POST":
        return _to_post(request, pk)
    now = timezone.now()
    poll = _votable(request, pk, now)
    try:
        if "back" in request.POST:
            polls.take_back(poll, by=request.member, now=now)
        else:
            options = _ordered(poll, request.POST)
            polls.vote(poll, by=request.member, options=options, now=now)
    except Refused as refusal:
        return _answer(request, pk, error=str(refusal), keeps_typed=True)
    return _answer(request, pk)


def _votable(request: MemberRequest, pk: int, now: datetime) -> ShownPoll:
    """A poll that is not folded for the member. One query for most. Raises Http404."""
    poll = opened_poll(request.member, pk, now)
    if poll is None:
        post = unfolded_post(request, pk)
        poll = or_404(visible_poll(request.member, post.pk, now))
    return poll


def add_option(request: MemberRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return _to_post(request, pk)
    form = AddedOptionForm(request.POST)
    post = unfolded_post(request, pk)
    if not form.is_valid():
        return _answer(request, pk, added=_refused(form))
    try:
        polls.add_option(
            post, by=request.member, now=timezone.now(), **form.cleaned_data
        )
    except polls.PollClosed as refusal:
        return _answer(request, pk, error=str(refusal))
    except Refused as refusal:
        form.add_error("name", str(refusal))
        return _answer(request, pk, added=_refused(form))
    except TooMany as refusal:
        form.add_error("name", toomany.words(refusal))
        return _answer(request, pk, added=_refused(form))
    return _answer(request, pk, keeps_typed=True)


def _to_post(request: MemberRequest, pk: int) -> HttpResponse:
    """A refused form is answered at its own address, where a browser without scripts may
    load the page again, or come back to from the next form.
    """
    return redirect(visible_post(request, pk))


def _refused(form: AddedOptionForm) -> Typed:
    return Typed(str(form["name"].value() or ""), str(form.errors["name"][0]))


def _ordered(poll: ShownPoll, sent: QueryDict) -> list[int]:
    """The ids of the chosen options, a ranking in its order. Raises BadVote for two on
    one place.
    """
    if not poll.is_ranked:
        return list(_numbers(sent.getlist("option")))
    places = _places(poll, sent)
    given = sorted(places.values())
    if len(set(given)) != len(given):
        twice = next(place for place in given if given.count(place) > 1)
        raise polls.BadVote(
            _("Two options are on place %(n)s. Give each its own, or none.")
            % {"n": twice}
        )
    return sorted(places, key=places.__getitem__)


def _places(poll: ShownPoll, sent: QueryDict) -> dict[int, int]:
    """The places in a form by option, also of options that the poll does not have."""
    if not poll.is_ranked:
        return dict.fromkeys(_numbers(sent.getlist("option")), 1)
    named = {
        name.removeprefix("place-"): value
        for name, value in sent.items()
        if name.startswith("place-")
    }
    places = {number(pk): number(str(place)) for pk, place in named.items()}
    return {pk: place for pk, place in places.items() if pk and place}


def _numbers(values: Iterable[str]) -> Iterable[int]:
    """Of what is not a number, 0, which no option has."""
    return (number(value) or 0 for value in values)


def _answer(
    request: MemberRequest,
    pk: int,
    *,
    error: str = "",
    added: Typed | None = None,
    keeps_typed: bool = False,
) -> HttpResponse:
    """The poll as it is now; without htmx, the page that it was on. What was refused is
    shown with what was chosen.
    """
    refused = bool(error or added)
    if not request.htmx and not refused:
        address = reverse("community:post", args=[pk])
        return redirect(page_before(request, address, f"poll-{pk}"))
    poll = or_404(visible_poll(request.member, pk, timezone.now()))
    if refused or keeps_typed:
        poll = poll.typed(_places(poll, request.POST))
    if request.htmx:
        only = {"poll": poll, "error": error, "added": added}
        return render(request, "community/_poll.html", only)
    post = unfolded_post(request, pk)
    context = page_of(request, post)
    page = replace(context["details"], poll=poll, error=error, added=added)
    form = EmptyCommentForm.of(post, request.member)
    whole = {**context, "details": page, "form": form, "parent": None}
    return render(request, "community/post.html", whole)
