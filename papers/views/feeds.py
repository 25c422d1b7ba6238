"""For curators: how the harvest goes."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from config.values import number
from members.access import curator_only
from members.requests import MemberRequest
from papers import sentinel, tasks
from papers.models import Feed

LOOKS = 6  # how often the page looks for an answer by itself


@curator_only
def feeds(request: MemberRequest) -> HttpResponse:
    """Each feed, when it was last read, what went wrong, when it is tried again."""
    followed = sentinel.watched(settings.ARXIV_CATEGORIES, now=timezone.now())
    dropped = Feed.objects.exclude(category__in=settings.ARXIV_CATEGORIES).order_by(
        "category"
    )
    context = {
        "followed": followed,
        "dropped": list(dropped.values_list("category", flat=True)),
        "source": settings.ARXIV_RSS_URL,
        "looks": _looks(request),
    }
    return render(request, "papers/feeds.html", context)


def _looks(request: MemberRequest) -> int | None:
    """How often the page will still look for the answer by itself; None where nothing
    was asked.
    """
    looks = number(request.GET.get("look", ""), most=99)
    return None if looks is None else min(looks, LOOKS)


@require_POST
@curator_only
def try_now(request: MemberRequest, category: str) -> HttpResponse:
    if category not in settings.ARXIV_CATEGORIES:
        raise Http404
    try:
        tasks.harvest.delay_on_commit(category)
    except OperationalError:
        messages.error(
            request,
            _(
                "The worker cannot be reached, so nothing was asked. Try again in a minute."
            ),
        )
    else:
        messages.info(
            request,
            _(
                "arXiv is being asked for %(category)s. The line below shows the "
                "answer in a moment."
            )
            % {"category": category},
        )
    return redirect(f"{reverse('papers:feeds')}?look={LOOKS}")
