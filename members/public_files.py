"""Small files that browsers and search engines ask for at fixed addresses."""

from itertools import product

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members import context

PAPER = "#f8f5f0"  # as in the theme-color of base.html
SHORT_NAME_MAX = 12  # characters below the icon on a home screen


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask without looking at the page."""
    return HttpResponseRedirect(static("favicon.ico"))


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read what visitors read, and nothing else."""
    learn = reverse("curriculum:list")
    lines = [
        "User-agent: *",
        "Allow: /$",
        f"Allow: {learn}",
        "Allow: /static/",
        f"Disallow: {reverse('curriculum:resources')}",
        f"Disallow: {learn}*/file/",
        "Disallow: /",
    ]
    return HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"
    )


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the site on its home screen."""
    group = context.study_group()
    if group:
        name = group.name
    else:
        name = "Minibatch"
    icons = [
        {
            "src": static(f"icons/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in product((192, 512), ("any", "maskable"))
    ]
    short_name = "Minibatch"
    if len(name) <= SHORT_NAME_MAX:
        short_name = name
    facts = {
        "id": reverse("home"),
        "name": name,
        "short_name": short_name,
        "description": (group and group.tagline)
        or _("A study group that learns deep learning together."),
        "start_url": reverse("home"),
        "scope": reverse("home"),
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
    }
    return JsonResponse(facts, content_type="application/manifest+json")
