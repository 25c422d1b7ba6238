from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import actions
from community.models import Comment, Post, Revision
from config.formsets import SentRows
from members.models import Member


class ReadOnly:
    """Read-only: texts belong to their authors, and nothing is deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RevisionInline(ReadOnly, admin.TabularInline):
    model = Revision
    formset = SentRows
    fields = ["written_at", "title", "body"]
    extra = 0


@admin.register(Post)
class PostAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        "__str__",
        "kind",
        "author",
        "posted_at",
        "comment_count",
        "removed_at",
    ]
    list_filter = ["kind", ("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["author"]
    search_fields = ["title", "author__name"]
    ordering = ["-pk"]
    exclude = ["body_html", "beginning_html", "excerpt", "pipeline_version"]
    inlines = [RevisionInline]
    actions = ["remove"]

    @admin.action(description=_("Remove"))
    def remove(self, request: HttpRequest, posts: QuerySet[Post]) -> None:
        for post in posts:
            actions.remove_post(post, by=cast(Member, request.user), now=timezone.now())
        self.message_user(request, _("Removed."))


@admin.register(Comment)
class CommentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "author", "commented_at", "removed_at"]
    list_filter = [("removed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["author"]
    search_fields = ["author__name"]
    ordering = ["-pk"]
    exclude = ["body_html", "beginning_html", "excerpt", "pipeline_version"]
    inlines = [RevisionInline]
    actions = ["remove"]

    @admin.action(description=_("Remove"))
    def remove(self, request: HttpRequest, comments: QuerySet[Comment]) -> None:
        for comment in comments:
            actions.remove_comment(
                comment, by=cast(Member, request.user), now=timezone.now()
            )
        self.message_user(request, _("Removed."))
