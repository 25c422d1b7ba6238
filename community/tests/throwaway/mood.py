"""A kind of post that the site does not have: what a new kind costs is
this module.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.forms import CharField

from community.kinds.base import Filter, PostKind
from community.listed import ListedPost
from community.models import Post
from members.models import Member

MOODS: dict[int, str] = {}  # stands for a table of its own


class MoodKind(PostKind):
    name = "mood"
    label = "Mood"
    icon = "lightbulb"
    prompt = "How do you feel, %(name)s?"
    page_title = "Say how you feel"
    reactions = ("same",)
    not_allowed = "Only curators have moods."
    row_template = "throwaway/_mood.html"
    comments = "Consolations"
    filters = (
        Filter("moods", "Moods", lambda posts, member: posts.of_kind(MoodKind.name)),
    )

    def may_be_written_by(self, member: Member) -> bool:
        return member.is_curator

    def beginning(self) -> str:
        return "Today I feel"

    def fields(self) -> dict[str, forms.Field]:
        return {"mood": CharField(label="Mood in a word", max_length=20)}

    def save_details(self, post: Post, details: Mapping[str, Any]) -> None:
        MOODS[post.pk] = details["mood"]

    def details_of(
        self, posts: Sequence[ListedPost], reader: Member
    ) -> Mapping[int, str]:
        return {post.pk: MOODS[post.pk] for post in posts}

    def snippet(self, post: Post, now: datetime) -> str:
        return f"feels {MOODS[post.pk]}"
