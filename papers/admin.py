"""The operators' desk for papers: everything to look at, little to change, since arXiv says what a paper is."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from papers.models import Batch, Feed, Paper, PaperVersion, Reading


class VersionInline(admin.TabularInline):
    model = PaperVersion
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Paper | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Paper | None = None) -> bool:
        return False


@admin.register(Paper)
class PaperAdmin(admin.ModelAdmin):
    list_display = ("title", "arxiv_id", "version", "primary_category", "announced_on")
    list_filter = ("primary_category",)
    search_fields = ("title", "=arxiv_id")
    date_hierarchy = "announced_on"
    ordering = ("-announced_on", "-pk")
    show_full_result_count = False
    inlines = (VersionInline,)
    fields = (
        "arxiv_id", "version", "title", "abstract", "authors", "categories", "licence", "announced_on", "stored_at",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
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


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin):
    list_display = ("category", "ok_at", "failed_at", "failure", "failures", "next_try_at")
    ordering = ("category",)
    readonly_fields = ("etag", "last_modified", "checked_at", "ok_at", "failed_at", "failure", "failures")


@admin.register(Reading)
class ReadingAdmin(admin.ModelAdmin):
    list_display = ("member", "paper", "kept_at", "hidden_at")
    raw_id_fields = ("member", "paper")
    list_select_related = ("member", "paper")
    ordering = ("-pk",)
    show_full_result_count = False
