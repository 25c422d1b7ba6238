from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from config.versions import VersionedAdmin, VersionedInline
from curriculum.actions import index_resources
from curriculum.forms import ResourceForm, SectionForm
from curriculum.models import Resource, Section


class SectionInline(VersionedInline):
    model = Section
    form = SectionForm
    extra = 0
    ordering = ("position", "pk")
    prepopulated_fields = {"slug": ["title"]}


@admin.register(Resource)
class ResourceAdmin(VersionedAdmin):
    form = ResourceForm
    list_display = ("title", "kind", "cost", "level", "year", "archived_on")
    list_filter = (
        "kind",
        "cost",
        "level",
        "depth",
        ("archived_on", admin.EmptyFieldListFilter),
        ("unverified", admin.EmptyFieldListFilter),
        "language",
    )
    search_fields = ("search_text",)
    ordering = ("title",)
    list_per_page = 50
    autocomplete_fields = ("successor",)
    inlines = (SectionInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    "slug",
                    "kind",
                    "authors",
                    "year",
                    "url",
                    "other_urls",
                    "note",
                )
            },
        ),
        (
            gettext_lazy("What it costs and asks for"),
            {
                "fields": (
                    "cost",
                    "price_note",
                    "level",
                    "depth",
                    "framework",
                    "compute",
                    "language",
                )
            },
        ),
        (
            gettext_lazy("Where it comes from"),
            {
                "fields": (
                    "publisher",
                    "licence",
                    "doi",
                    "arxiv_id",
                    "named_by",
                    "unverified",
                )
            },
        ),
        (
            gettext_lazy("Archived"),
            {"fields": ("archived_on", "archived_why", "successor", "archive_url")},
        ),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> Any:
        """As the library finds them, and by the id that curriculum
        files use.
        """
        by_id = queryset.filter(slug__contains=search_term.strip())
        return queryset.search(search_term) | by_id, False  # type: ignore[attr-defined]

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        index_resources(Resource.objects.filter(pk=form.instance.pk))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            return ("slug",)
        return ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj:
            return {}
        return {"slug": ["title"]}


@admin.register(Section)
class SectionAdmin(VersionedAdmin):
    """Here for the autocomplete of activities; sections are edited with
    their resource.
    """

    search_fields = ("title", "slug", "resource__title")
    ordering = ("resource__title", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return super().get_queryset(request).select_related("resource")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
