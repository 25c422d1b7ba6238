"""Options and closing of a poll, for its author and for moderators; who chose what."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.actions import polls
from community.actions.refusals import Refused
from community.models import Poll, PollOption, Post
from community.poll_forms import PollForm
from community.polls.allowed import allowed
from community.polls.shown import visible_poll
from community.polls.voters import voters
from community.views.targets import or_404, unfolded_post
from config.values import number
from members import toomany
from members.limits import TooMany
from members.requests import MemberRequest


def poll(request: MemberRequest, pk: int) -> HttpResponse:
    """The author changes options and closing; moderators remove options."""
    post = unfolded_post(request, pk)
    row = or_404(Poll.objects.filter(pk=pk).first())
    may = allowed(post, request.member, is_open=row.is_open_at(timezone.now()))
    if request.method == "POST" and not may.edits:
        return _too_late(request, post)
    if not may.changes:
        raise Http404
    options = PollOption.objects.filter(poll=pk, removed_at=None).order_by("position")
    form = None
    if may.edits:
        form = PollForm(
            request.POST or None,
            options=list(options),
            has_votes=row.voter_count > 0,
            closes_at=row.closes_at,
        )
        if form.is_valid() and _changed(request, post, form):
            messages.success(request, _("Saved."))
            return redirect(post)
    context = {"post": post, "options": options, "form": form, "may": may}
    return render(request, "community/poll.html", context)


def _too_late(request: MemberRequest, post: Post) -> HttpResponse:
    """To the post, with a sentence for whoever could change the poll before it closed."""
    if not allowed(post, request.member, is_open=True).edits:
        raise Http404
    messages.error(request, str(polls.PollClosed()))
    return redirect(post)


def _changed(request: MemberRequest, post: Post, form: PollForm) -> bool:
    """Whether the changes were stored; if not, the form says why."""
    try:
        polls.change_poll(
            post,
            by=request.member,
            names=form.names(),
            added=form.added(),
            closes_at=form.cleaned_data["closes_at"],
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    except TooMany as refusal:
        form.add_error(None, toomany.words(refusal))
        return False
    return True


@require_POST
def close(request: MemberRequest, pk: int) -> HttpResponse:
    post = unfolded_post(request, pk)
    or_404(Poll.objects.filter(pk=pk).first())
    try:
        polls.close_poll(post, by=request.member, now=timezone.now())
    except polls.PollClosed:
        pass  # somebody else was first, and the page shows it
    except Refused as refusal:
        raise Http404 from refusal
    messages.success(request, _("The poll is closed."))
    return redirect(post)


@require_POST
def remove_option(request: MemberRequest, pk: int) -> HttpResponse:
    post = unfolded_post(request, pk)
    or_404(Poll.objects.filter(pk=pk).first())
    option = number(request.POST.get("option", "")) or 0
    try:
        polls.remove_option(post, by=request.member, option=option, now=timezone.now())
    except polls.BadOption as refusal:
        messages.error(request, str(refusal))
        return redirect("community:poll", pk)
    except Refused as refusal:
        raise Http404 from refusal
    messages.success(request, _("The option was removed."))
    return redirect("community:poll", pk)


@require_safe
def votes(request: MemberRequest, pk: int) -> HttpResponse:
    """Who chose an option of a poll with names, a page at a time."""
    poll = or_404(visible_poll(request.member, pk, timezone.now()))
    sees_votes = poll.shows_votes or poll.may_look
    if not (poll.is_named and sees_votes and poll.options):
        raise Http404
    wanted = number(request.GET.get("option", ""))
    by_pk = {option.pk: option for option in poll.options}
    option = by_pk.get(wanted or poll.options[0].pk)
    after = number(request.GET.get("after", "")) or 0
    page = voters(or_404(option).pk, after=after)
    context = {
        "post": unfolded_post(request, pk),
        "poll": poll,
        "option": option,
        "page": page,
    }
    return render(request, "community/votes.html", context)
