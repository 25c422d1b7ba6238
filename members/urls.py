from django.urls import path

from members import views

app_name = "members"

urlpatterns = [
    path("set-up/", views.set_up, name="set_up"),
    path("welcome/<slug:screen>/", views.onboarding, name="onboarding"),
    path("welcome-later/", views.end_welcome, name="end_welcome"),
    path("settings/", views.settings_page, name="settings"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("is-it-you/", views.prove, name="prove"),
    path("people/<str:handle>/", views.person, name="person"),
    path("theme/", views.theme, name="theme"),
    path("sign-in/<str:token>/", views.sign_in_link, name="sign_in_link"),
]
