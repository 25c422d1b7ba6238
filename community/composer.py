"""The short form above a list of posts."""

from django.urls import reverse

from community import kinds
from community.forms import PostForm
from community.subjects import Subject, fields_of
from members import kept
from members.requests import MemberRequest


def composer(request: MemberRequest, subject: Subject | None) -> PostForm:
    """Writes to the feed or to the thread about `subject`; with the words of an ended
    session.
    """
    typed = kept.take(request, reverse("community:new_post"))
    return empty_composer(request, subject, typed)


def empty_composer(
    request: MemberRequest,
    subject: Subject | None,
    typed: dict[str, str] | None = None,
) -> PostForm:
    initial = {"kind": kinds.DEFAULT, **fields_of(subject), **(typed or {})}
    return PostForm(member=request.member, initial=initial)
