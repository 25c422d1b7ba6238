"""What members set for themselves: the page of settings, and the theme."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.cookies import cookie
from members.forms import SettingsForm
from members.models import Member
from members.requests import MemberRequest, came_from
from progress.actions import note_finished_steps


def settings_page(request: MemberRequest) -> HttpResponse:
    # Reading needs no transaction: SQLite begins each as a write, and the
    # page can be read on a full disk.
    if request.method != "POST":
        return _settings(request, SettingsForm(instance=request.member))
    with transaction.atomic():
        stored = Member.objects.get(pk=request.member.pk)
        form = SettingsForm(request.POST, instance=stored)
        if not form.is_valid():
            return _settings(request, form)
        note_finished_steps(
            request.member, goal=form.cleaned_data["goal"], now=timezone.now()
        )
        form.save_only_these_fields()
    messages.success(request, _("Saved."))
    if form.merged:
        words = _("What you changed elsewhere stands: %(fields)s.")
        messages.info(request, words % {"fields": ", ".join(form.merged)})
    return redirect("members:settings")


def _settings(request: MemberRequest, form: SettingsForm) -> HttpResponse:
    owners = Member.objects.active().filter(owner_since__isnull=False)
    names = owners.order_by("owner_since", "pk").values_list("name", flat=True)
    context = {"form": form, "owners": [*names]}
    return render(request, "members/settings.html", context)


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie for a year; `auto` forgets it."""
    wanted = request.POST.get("theme", "")
    response: HttpResponse
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
    else:
        response = redirect(came_from(request) or "home")
    if wanted in ("light", "dark"):
        response.set_cookie(
            cookie("theme"),
            wanted,
            max_age=timedelta(days=365),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    else:
        response.delete_cookie(cookie("theme"))
    return response
