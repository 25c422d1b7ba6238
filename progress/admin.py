"""The operators' desk: progress is looked at here, never changed; a member changes it herself."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from progress.models import Enrollment, LoggedTime, Record, StudyEvent

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin


class ReadOnly(Base):
    list_per_page = 50
    show_full_result_count = False
    list_select_related = ["member"]
    search_fields = ["member__name", "member__email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Enrollment)
class EnrollmentAdmin(ReadOnly):
    list_display = ("member", "curriculum", "enrolled_at", "step_number", "paused_until", "withdrawn_at", "finished_at")
    list_filter = ("curriculum",)
    list_select_related = ["member", "curriculum"]


@admin.register(Record)
class RecordAdmin(ReadOnly):
    list_display = ("member", "activity_key", "started_at", "done_at", "confidence", "skipped_at", "revisit_at")


@admin.register(LoggedTime)
class LoggedTimeAdmin(ReadOnly):
    list_display = ("member", "aspect", "minutes", "studied_on", "curriculum", "undone_at")
    list_filter = ("aspect",)
    list_select_related = ["member", "curriculum"]
    date_hierarchy = "studied_on"


@admin.register(StudyEvent)
class StudyEventAdmin(ReadOnly):
    list_display = ("at", "member", "kind", "curriculum", "activity_key", "data")
    list_filter = ("kind",)
    list_select_related = ["member", "curriculum"]
    ordering = ("-pk",)
