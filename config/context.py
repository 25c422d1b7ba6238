"""What every page shows: the group's name, the theme, where the member is."""

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.functional import SimpleLazyObject

from members.models import StudyGroup
from progress.models import Enrollment

THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "group": SimpleLazyObject(study_group),
        "theme": theme if theme in THEMES else "",
        "where": SimpleLazyObject(lambda: where(request)),
        "SITE_URL": settings.SITE_URL,
        "has_name": SimpleLazyObject(lambda: has_name(request)),
    }


def has_name(request: HttpRequest) -> bool:
    """Whether the site is asked for by name. Browsers give passkeys to names only, not to bare IP addresses."""
    host = split_domain_port(request.get_host())[0]
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def study_group() -> StudyGroup | None:
    """The study group, kept in the process for half a minute; None before the first run is finished."""
    group = caches["local"].get("study-group")
    if group is None:
        group = StudyGroup.objects.first()
        caches["local"].set("study-group", group, 30)
    return group


def where(request: HttpRequest) -> Enrollment | None:
    """The enrolment that the member visited last, for the link to her step. One query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return Enrollment.objects.current().filter(member=user).with_release().order_by("-visited_at").first()
