"""The admin for papers: nearly everything is read-only, since arXiv says what
a paper is.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.formsets import SentRows
from config.versions import VersionedAdmin
from papers.models import Batch, Feed, Paper, PaperVersion


class VersionInline(admin.TabularInline):
    model = PaperVersion
    formset = SentRows
    extra = 0
    can_delete = False

    def has_add_permission(
        self, request: HttpRequest, obj: Paper | None = None
    ) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Paper | None = None
    ) -> bool:
        return False


class Undeleted(admin.ModelAdmin):
    """Members keep papers, write about them and hide them: nothing that they refer to
    is deleted.
    """

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Paper)
class PaperAdmin(Undeleted):
    list_display = (
        "__str__",
        "arxiv_id",
        "version",
        "primary_category",
        "announced_on",
    )
    list_filter = ("primary_category",)
    search_fields = ("title", "=arxiv_id")
    ordering = ("-announced_on", "-pk")
    inlines = (VersionInline,)
    fields = (
        "arxiv_id",
        "version",
        "title",
        "abstract",
        "authors",
        "categories",
        "licence",
        "announced_on",
        "stored_at",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Paper | None = None
    ) -> bool:
        """Members' lists and discussions refer to papers."""
        return False


@admin.register(Batch)
class BatchAdmin(Undeleted):
    list_display = ("category", "announced_on", "papers", "partial", "stored_at")
    list_filter = ("category", "partial")
    date_hierarchy = "announced_on"
    ordering = ("-announced_on", "category")
    readonly_fields = ("category", "announced_on", "stored_at", "partial")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return super().get_queryset(request).annotate(announced=Count("announcements"))

    @admin.display(description=_("papers"))
    def papers(self, batch: Batch) -> int:
        return batch.announced  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Batch | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Batch | None = None
    ) -> bool:
        return False


@admin.register(Feed)
class FeedAdmin(VersionedAdmin):
    list_display = (
        "category",
        "ok_at",
        "failed_at",
        "failure",
        "failures",
        "next_try_at",
    )
    ordering = ("category",)
    readonly_fields = (
        "etag",
        "last_modified",
        "checked_at",
        "ok_at",
        "failed_at",
        "failure",
        "failures",
    )
