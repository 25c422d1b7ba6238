"""One paper."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from community.composer import composer
from community.subjects import PaperRef
from community.threads import thread_page
from members.requests import MemberRequest
from papers.details import details


def paper(request: MemberRequest, arxiv_id: str) -> HttpResponse:
    shown = details(arxiv_id, member=request.member)
    if shown is None:
        raise Http404
    subject = PaperRef(shown.paper.arxiv_id, shown.paper.title_html)
    context = {
        "paper": shown.paper,
        "is_kept": shown.is_kept,
        "versions": shown.versions,
        "steps": shown.steps,
        "thread": thread_page(request.member, subject),
        "composer": composer(request, subject),
    }
    return render(request, "papers/paper.html", context)
