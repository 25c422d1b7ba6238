"""The page of the search, and questions that are alike."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import actions as community
from community import visible
from community.subjects import steps_by_key
from community.views.targets import or_404
from members.requests import MemberRequest
from notifications.actions import follow
from operate.storage import best_effort
from progress.enrolled import releases_read_by
from search import actions, results
from search.forms import AlikeForm, SearchForm
from search.results import Tab
from search.similar import is_enough, similar
from search.suggesting import suggestions
from search.vocabulary import spelling


def search(request: MemberRequest) -> HttpResponse:
    """Everything that the reader may see and that holds the words."""
    form = SearchForm(request.GET)
    member, now = request.member, timezone.now()
    found = results.search(
        member,
        form.typed,
        tab=form.tab,
        narrowed=form.narrowed(member, now=now),
        page=form.number,
        releases=lambda: releases_read_by(member),
        spelling=spelling,
        literally=form.is_exact,
    )
    recent = actions.recent_searches(member)
    if found.total and form.typed and form.typed not in recent[:1]:
        with best_effort():
            actions.remember(member, form.typed, now=now)
    context = {
        "form": form,
        "results": found,
        "hits": results.read(found, member),
        "tabs": [(tab, found.count(tab), form.address(kind=tab.value)) for tab in Tab],
        "steps": steps_by_key().values(),
        "recent": [typed for typed in recent if typed != form.typed],
    }
    return render(request, "search/search.html", context)


@require_safe
def suggest(request: MemberRequest) -> HttpResponse:
    """The list below the box of the search, while somebody types."""
    typed = SearchForm(request.GET).typed
    offered = suggestions(request.member, typed, releases_read_by(request.member))
    return render(request, "search/_suggestions.html", {"suggestions": offered})


@require_safe
def alike(request: MemberRequest) -> HttpResponse:
    """The questions like the one that is being typed, for the form of a question."""
    form = AlikeForm(request.GET)
    questions = similar(request.member, form.typed, form.first_lines)
    context = {"questions": questions, "is_asked": is_enough(form.typed)}
    return render(request, "community/_alike.html", context)


@require_POST
def same(request: MemberRequest, pk: int) -> HttpResponse:
    """“Same here” below a question that is alike, which the member then follows."""
    question = or_404(visible.post_to_react(request.member, pk))
    if not question.traits.accepts_answers:
        raise Http404
    try:
        if request.POST.get("same") == "on":
            now = timezone.now()
            community.react(question, by=request.member, kind="same", now=now)
            follow(request.member, question, now=now)
        else:
            community.unreact(question, by=request.member, kind="same")
    except community.Refused as refusal:
        raise Http404 from refusal
    if not request.htmx:
        return redirect("community:post", pk=pk)
    shown = or_404(visible.post(request.member, pk))
    return render(request, "community/_same.html", {"post": shown})


@require_POST
def forget(request: MemberRequest) -> HttpResponse:
    actions.forget_searches(request.member)
    messages.success(request, _("Your searches are forgotten."))
    return redirect("search:search")
