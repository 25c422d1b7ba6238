"""The table of contents."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from health_check.views import HealthCheckView

from community.views import home

health = login_not_required(HealthCheckView.as_view(checks=["health_check.Database", "health_check.Cache"]))

urlpatterns = [
    path("", home, name="home"),
    path("", include("members.urls")),
    path("learn/", include("curriculum.urls")),
    path("progress/", include("progress.urls")),
    path("papers/", include("papers.urls")),
    path("posts/", include("community.urls")),
    path("", include("mail.urls")),
    path("accounts/", include("allauth.urls")),
    path("health/", health, name="health"),
    path("admin/", admin.site.urls),
]
