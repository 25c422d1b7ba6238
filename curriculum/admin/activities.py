from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from curriculum.admin.retiring import InDraftFilter, Listed, Retiring
from curriculum.forms import ActivityForm
from curriculum.models import Activity


class ActivityInline(Listed):
    """Those on the table are changed on their own pages, where what they
    ask for can be chosen.
    """

    model = Activity
    fields = (
        "position",
        "title",
        "do",
        "aspect",
        "minutes",
        "core",
        "asks_for",
        "retired_at",
    )
    readonly_fields = ("asks_for", "retired_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Activity]:
        return super().get_queryset(request).select_related("resource", "section")

    @admin.display(description=gettext_lazy("asks for"))
    def asks_for(self, row: Activity) -> str:
        return " · ".join(part.title for part in (row.resource, row.section) if part)


@admin.register(Activity)
class ActivityAdmin(Retiring):
    form = ActivityForm
    list_display = (
        "title",
        "step",
        "route",
        "position",
        "do",
        "aspect",
        "minutes",
        "core",
        "retired",
    )
    list_filter = ("step__curriculum", InDraftFilter, "aspect", "do", "core")
    list_select_related = ("step", "route")
    search_fields = ("title", "resource__title", "step__title", "route__title")
    ordering = (
        "step__curriculum__title",
        "step__position",
        "route__position",
        "position",
    )
    autocomplete_fields = ("step", "route", "resource", "section")
