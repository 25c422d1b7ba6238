"""The table of contents."""

from django.contrib import admin
from django.urls import include, path

from community.views.feed import home
from curriculum.urls import curate
from members import public_files, toomany
from members.code_views import (
    confirm_email_code,
    confirm_login_code,
    login,
    request_login_code,
)
from members.views import change_password, security_txt

handler500 = "operate.views.server_error"

handler429 = toomany.answer  # asked by allauth's limits

admin.autodiscover()

urlpatterns = [
    path("", home, name="home"),
    path("", include("members.urls")),
    path("learn/", include("curriculum.urls")),
    path("curate/", include((curate, "curate"))),
    path("progress/", include("progress.urls")),
    path("papers/", include("papers.urls")),
    path("posts/", include("community.urls")),
    path("pictures/", include("pictures.urls")),
    path("search/", include("search.urls")),
    path("saved/", include("bookmarks.urls")),
    path("notifications/", include("notifications.urls")),
    path("", include("mail.urls")),
    # the pages for codes from mails stand in for allauth's
    path("accounts/login/", login, name="account_login"),
    path("accounts/login/code/", request_login_code, name="account_request_login_code"),
    path(
        "accounts/confirm-email/",
        confirm_email_code,
        name="account_email_verification_sent",
    ),
    path(
        "accounts/login/code/confirm/",
        confirm_login_code,
        name="account_confirm_login_code",
    ),
    path("accounts/", include("allauth.urls")),
    path("", include("operate.urls")),
    path("admin/", admin.site.urls),
    path(".well-known/change-password", change_password),
    path(".well-known/security.txt", security_txt),
    path("favicon.ico", public_files.favicon),
    path("robots.txt", public_files.robots),
    path("manifest.json", public_files.manifest, name="manifest"),
]
