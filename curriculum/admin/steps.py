from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from curriculum.admin.activities import ActivityInline
from curriculum.admin.retiring import InDraftFilter, Listed, Retiring
from curriculum.forms import RouteForm, RouteRow, SlugsOnce, StepForm
from curriculum.models import Activity, Curriculum, Route, Step


class RouteInline(Listed):
    model = Route
    form, formset = RouteRow, SlugsOnce
    fields = ("position", "title", "slug", "kind", "hours", "retired_at")
    readonly_fields = ("retired_at",)
    prepopulated_fields = {"slug": ["title"]}


class CommonActivityInline(ActivityInline):
    verbose_name_plural = gettext_lazy("activities on every route")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        return super().get_queryset(request).filter(route=None)


@admin.register(Step)
class StepAdmin(Retiring):
    form = StepForm
    list_display = ("title", "curriculum", "position", "purpose", "hours", "retired")
    list_filter = ("curriculum", InDraftFilter, "purpose")
    list_select_related = ("curriculum",)
    search_fields = ("title", "slug", "summary")
    ordering = ("curriculum__title", "position")
    prepopulated_fields = {"slug": ["title"]}
    inlines = (RouteInline, CommonActivityInline)


@admin.register(Route)
class RouteAdmin(Retiring):
    form = RouteForm
    list_display = (
        "title",
        "step",
        "curriculum",
        "position",
        "kind",
        "hours",
        "retired",
    )
    list_filter = ("step__curriculum", InDraftFilter, "kind")
    search_fields = ("title", "slug", "summary", "step__title")
    ordering = ("step__curriculum__title", "step__position", "position")
    autocomplete_fields = ("step",)
    prepopulated_fields = {"slug": ["title"]}
    inlines = (ActivityInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Route]:
        return super().get_queryset(request).select_related("step__curriculum")

    @admin.display(ordering="step__curriculum__title")
    def curriculum(self, row: Route) -> Curriculum:
        return row.step.curriculum
