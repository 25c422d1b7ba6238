"""People who can be mentioned."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.mentions import unreached
from community.models import Post
from community.people import offered
from config.values import number
from members.models import Member
from members.requests import MemberRequest

MEANT_MOST = 3  # handles that are offered for one that calls nobody


@require_safe
def names(request: MemberRequest) -> HttpResponse:
    """Who is offered after `@` and the letters `q`, in the thread of the post `post`."""
    pk = number(request.GET.get("post", "")) or 0
    post = Post.objects.visible_to(request.member).filter(pk=pk).first()
    found = offered(request.member, request.GET.get("q", ""), post)
    return render(request, "community/_names.html", {"people": found})


def say_unreached(request: MemberRequest, post: Post, body: str) -> None:
    """Say on the next page whom the text does not reach."""
    if sentence := sentence_of_unreached(request.member, post, body):
        messages.info(request, sentence)


def sentence_of_unreached(author: Member, post: Post, body: str) -> str:
    """What to tell the author of a text about handles that call nobody; empty without any."""
    names = sorted(unreached(post, body))
    if not names:
        return ""
    told = _("%(names)s: nobody was told. No member who can see this has this handle.")
    sentence = told % {"names": ", ".join(f"@{name}" for name in names)}
    alike = offered(author, names[0], None)
    meant = [f"@{each.handle}" for each in alike if each.handle != names[0]]
    if not meant:
        return sentence
    perhaps = _("Perhaps %(handles)s? An edit tells them.")
    return f"{sentence} {perhaps % {'handles': ', '.join(meant[:MEANT_MOST])}}"
