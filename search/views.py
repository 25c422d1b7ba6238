"""The page of the search."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.subjects import steps_by_key
from members.requests import MemberRequest
from operate.storage import best_effort
from progress.enrolled import releases_read_by
from search import actions, results
from search.forms import SearchForm
from search.results import Tab
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
    if found.total and form.typed not in recent[:1]:
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


@require_POST
def forget(request: MemberRequest) -> HttpResponse:
    actions.forget_searches(request.member)
    messages.success(request, _("Your searches are forgotten."))
    return redirect("search:search")
