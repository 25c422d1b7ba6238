from django.urls import URLPattern, URLResolver, path

from mail import views

app_name = "mail"

urlpatterns: list[URLPattern | URLResolver] = [
    path("mail/digest/<int:pk>/", views.digest_page, name="digest"),
    path("mail/preferences/", views.preferences, name="preferences"),
    path("mail/preferences/end-links/", views.end_links, name="end_links"),
    path(
        "mail/preferences/<str:token>/",
        views.preferences_by_link,
        name="preferences_by_link",
    ),
    path("mail/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("mail/start/<str:what>/", views.start, name="start"),
    path("mail/runs/start/", views.start_run, name="start_run"),
    path("mail/runs/<str:kind>/<str:key>/stop/", views.stop_run, name="stop_run"),
    path("mail/runs/<str:kind>/<str:key>/go-on/", views.go_on, name="go_on"),
    path(
        "mail/runs/<str:kind>/<str:key>/all-again/",
        views.send_all_again,
        name="send_all_again",
    ),
    path("mail/runs/", views.runs_page, name="runs"),
    path("mail/kinds/", views.kinds, name="kinds"),
    path("mail/kinds/<slug:name>/", views.kind, name="kind"),
    path("mail/kinds/<slug:name>/html/", views.kind_html, name="kind_html"),
    path("mail/runs/test/", views.send_test, name="send_test"),
    path("mail/runs/<int:pk>/", views.preview, name="preview"),
    path("mail/runs/<int:pk>/html/", views.preview_html, name="preview_html"),
    path("mail/runs/<int:pk>/again/", views.send_again, name="send_again"),
    path("mail/runs/<int:pk>/count/", views.count_as_sent, name="count_as_sent"),
    path("outbox/", views.outbox_list, name="outbox"),
    path("outbox/<str:name>/", views.outbox_message, name="outbox_message"),
    path("outbox/<str:name>/html/", views.outbox_html, name="outbox_html"),
]
