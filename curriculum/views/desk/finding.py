"""Drafts and their addresses."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from curriculum.models import Curriculum, Step
from members.requests import MemberRequest


def curators_only(request: MemberRequest) -> None:
    if not request.member.is_curator:
        raise Http404


def curriculum_of(request: MemberRequest, slug: str) -> Curriculum:
    curators_only(request)
    return get_object_or_404(Curriculum, slug=slug)


def address_of(row: Any) -> str:
    """The page on which the row is edited, or stands."""
    if isinstance(row, Curriculum):
        return reverse("curate:draft", args=[row.slug])
    if isinstance(row, Step):
        step = row
    else:
        step = row.step
    return reverse("curate:step", args=[step.curriculum.slug, step.key])
