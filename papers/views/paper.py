"""One paper."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookmarks.actions import note_opened
from bookmarks.keys import Kind, ThingKey
from bookmarks.saved import on_page
from community.composer import composer
from community.subjects import PaperRef
from community.threads import thread_page
from members.requests import MemberRequest
from operate.storage import best_effort
from papers.details import details


def paper(request: MemberRequest, arxiv_id: str) -> HttpResponse:
    shown = details(arxiv_id, member=request.member)
    if shown is None:
        raise Http404
    subject = PaperRef(shown.paper.arxiv_id, shown.paper.title_html)
    thread = thread_page(request.member, subject)
    saved = on_page(request.member, posts=thread.posts, paper=arxiv_id)
    with best_effort():
        keys = [ThingKey(Kind.PAPER, arxiv_id)]
        note_opened(request.member, saved, keys, now=timezone.now())
    context = {
        "paper": shown.paper,
        "is_kept": shown.is_kept,
        "versions": shown.versions,
        "steps": shown.steps,
        "thread": thread,
        "saved": saved,
        "composer": composer(request, subject),
    }
    return render(request, "papers/paper.html", context)
