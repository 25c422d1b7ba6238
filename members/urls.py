from django.urls import path

from members import views

app_name = "members"

urlpatterns = [
    path("set-up/", views.set_up, name="set_up"),
    path("welcome/<slug:screen>/", views.onboarding, name="onboarding"),
    path("settings/", views.settings_page, name="settings"),
    path("theme/", views.theme, name="theme"),
    path("sign-in/<str:token>/", views.sign_in_link, name="sign_in_link"),
]
