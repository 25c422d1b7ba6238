from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.versions import VersionedAdmin
from mail.models import Delivery, Preference
from members.models import Member


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """The ledger, read-only. Mails are resent and stopped on the page of runs."""

    list_display = (
        "member",
        "kind",
        "key",
        "written_at",
        "sent_at",
        "given_up_at",
        "attempts",
        "error",
        "preview",
    )
    list_filter = ("kind",)  # a filter by key would read the keys of all mails
    search_fields = ("member__email", "member__name", "=key")
    list_select_related = ("member",)
    exclude = ("content",)  # private: the member's week and next activity
    readonly_fields = ("preview",)
    view_on_site = False  # only the member can open the page of a digest

    @admin.display(description=_("preview"))
    def preview(self, delivery: Delivery) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("mail:preview", args=[delivery.pk]),
            _("Look at it"),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Delivery | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Delivery | None = None
    ) -> bool:
        return False


@admin.register(Preference)
class PreferenceAdmin(VersionedAdmin):
    list_display = (
        "member",
        "digest_weekday",
        "digest_hour",
        "digest_stopped_at",
        "reminders_stopped_at",
    )
    search_fields = ("member__email", "member__name")
    list_select_related = ("member",)
    raw_id_fields = ("member",)

    def save_model(
        self, request: HttpRequest, obj: Preference, form: Any, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        Member.objects.filter(pk=obj.member_id).look_again()
