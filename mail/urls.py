from django.urls import URLPattern, URLResolver, path

from mail.views import (
    deliveries,
    kinds,
    outbox,
    preferences,
    runs,
    unsubscribing,
)

app_name = "mail"

urlpatterns: list[URLPattern | URLResolver] = [
    path("mail/digest/<int:pk>/", deliveries.digest_page, name="digest"),
    path("mail/preferences/", preferences.preferences, name="preferences"),
    path("mail/preferences/end-links/", preferences.end_links, name="end_links"),
    path(
        "mail/preferences/<str:token>/",
        preferences.preferences_by_link,
        name="preferences_by_link",
    ),
    path(
        "mail/unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"
    ),
    path("mail/start/<str:what>/", preferences.start, name="start"),
    path("mail/runs/start/", runs.start_run, name="start_run"),
    path("mail/runs/<str:kind>/<str:key>/stop/", runs.stop_run, name="stop_run"),
    path("mail/runs/<str:kind>/<str:key>/go-on/", runs.go_on, name="go_on"),
    path(
        "mail/runs/<str:kind>/<str:key>/all-again/",
        runs.send_all_again,
        name="send_all_again",
    ),
    path("mail/runs/", runs.runs_page, name="runs"),
    path("mail/kinds/", kinds.kinds, name="kinds"),
    path("mail/kinds/<slug:name>/", kinds.kind, name="kind"),
    path("mail/kinds/<slug:name>/html/", kinds.kind_html, name="kind_html"),
    path("mail/runs/test/", runs.send_test, name="send_test"),
    path("mail/runs/<int:pk>/", deliveries.preview, name="preview"),
    path("mail/runs/<int:pk>/html/", deliveries.preview_html, name="preview_html"),
    path("mail/runs/<int:pk>/again/", deliveries.send_again, name="send_again"),
    path("mail/runs/<int:pk>/count/", deliveries.count_as_sent, name="count_as_sent"),
    path("outbox/", outbox.outbox_list, name="outbox"),
    path("outbox/<str:name>/", outbox.outbox_message, name="outbox_message"),
    path("outbox/<str:name>/html/", outbox.outbox_html, name="outbox_html"),
]
