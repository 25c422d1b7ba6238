"""Rows that are retired in the admin, not deleted."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import CharField, QuerySet, SlugField
from django.forms import TextInput
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from config.versions import VersionedAdmin, VersionedInline
from curriculum import actions
from curriculum.forms import markdown_length
from members import budget


class InDraftFilter(admin.SimpleListFilter):
    title = gettext_lazy("draft")
    parameter_name = "draft"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("in", _("In the draft")), ("retired", _("Retired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value():
            return queryset.filter(retired_at__isnull=self.value() == "in")
        return queryset


class Retiring(VersionedAdmin):
    """Retire and bring back instead of delete."""

    actions = ["retire", "bring_back"]
    list_per_page = 50
    view_on_site = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Django's; what is sent is rendered, and paid for before.

        Raises TooMany.
        """
        if request.method == "POST":
            budget.spend(
                request.user,
                budget.RENDERED,
                markdown_length(self.form, request.POST),
                now=timezone.now(),
            )
        return super().changeform_view(request, *args, **kwargs)

    @admin.action(description=gettext_lazy("Retire: take out of the draft"))
    def retire(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        count = actions.retire(queryset, now=timezone.now())
        self.message_user(
            request, ngettext("%(n)s retired.", "%(n)s retired.", count) % {"n": count}
        )

    @admin.action(description=gettext_lazy("Bring back into the draft"))
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        try:
            count = actions.bring_back(queryset)
        except actions.AddressTaken as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        self.message_user(
            request,
            ngettext("%(n)s brought back.", "%(n)s brought back.", count)
            % {"n": count},
        )

    @admin.display(description=gettext_lazy("retired"), ordering="retired_at")
    def retired(self, row: Any) -> Any:
        return row.retired_at


class Listed(VersionedInline):
    """Rows to put in order and look through, each with a link to
    all of its fields.
    """

    extra = 0
    can_delete = False
    show_change_link = True
    ordering = ("position", "pk")
    formfield_overrides = {
        CharField: {"widget": TextInput(attrs={"size": 34})},
        SlugField: {"widget": TextInput(attrs={"size": 18})},
    }
