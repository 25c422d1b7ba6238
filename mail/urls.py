from django.urls import URLPattern, URLResolver, path

from mail import views

app_name = "mail"

urlpatterns: list[URLPattern | URLResolver] = [
    path("mail/preferences/", views.preferences, name="preferences"),
    path("mail/preferences/<str:token>/", views.preferences_by_link, name="preferences_by_link"),
    path("mail/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("outbox/", views.outbox_list, name="outbox"),
    path("outbox/<str:name>/", views.outbox_message, name="outbox_message"),
    path("outbox/<str:name>/html/", views.outbox_html, name="outbox_html"),
]
