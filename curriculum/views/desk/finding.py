"""Drafts and their addresses."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from curriculum.models import Curriculum, Step


def curriculum_of(slug: str) -> Curriculum:
    """The curriculum with this slug. Raises Http404 if there is none."""
    return get_object_or_404(Curriculum, slug=slug)


def address_of(row: Any) -> str:
    """The URL of the page that edits a curriculum or step; of the step's page for its
    routes and activities.
    """
    if isinstance(row, Curriculum):
        return reverse("curate:draft", args=[row.slug])
    if isinstance(row, Step):
        step = row
    else:
        step = row.step
    return reverse("curate:step", args=[step.curriculum.slug, step.key])
