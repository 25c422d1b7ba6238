from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mail.models import Delivery, Preference


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """The ledger, to be read. What can be done with a mail is on the page of runs."""

    list_display = ("member", "kind", "key", "written_at", "sent_at", "given_up_at", "attempts", "error", "preview")
    list_filter = ("kind", "key")
    search_fields = ("member__email", "member__name")
    list_select_related = ("member",)
    show_full_result_count = False
    date_hierarchy = "written_at"
    readonly_fields = ("preview",)

    @admin.display(description=_("preview"))
    def preview(self, delivery: Delivery) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("mail:preview", args=[delivery.pk]), _("Look at it"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False


@admin.register(Preference)
class PreferenceAdmin(admin.ModelAdmin):
    list_display = ("member", "digest_weekday", "digest_hour", "digest_stopped_at", "reminders_stopped_at")
    search_fields = ("member__email", "member__name")
    list_select_related = ("member",)
    raw_id_fields = ("member",)
