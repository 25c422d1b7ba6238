"""Forms of a draft: the budget of a form that was sent, saving it, and showing it again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from config.versions import VersionedForm
from curriculum.compare import Piece, words
from curriculum.forms import markdown_length
from curriculum.models import Curriculum
from curriculum.views.desk.finding import address_of
from members import budget
from members.requests import MemberRequest


@dataclass(frozen=True, slots=True)
class ConflictRow:
    name: str
    label: str
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]
    takes_both: bool


def form_page(
    request: MemberRequest,
    curriculum: Curriculum,
    form: VersionedForm,
    context: dict[str, Any],
) -> HttpResponse:
    is_new = form.instance.pk is None
    pay_for_text(request, form)
    words = _("Added to the draft.") if is_new else _("Saved.")
    if (answer := saved(request, form, words)) is not None:
        return answer
    context = {
        "members": 0,
        **context,
        "form": form,
        "curriculum": curriculum,
        "conflicts": conflict_rows(form),
        "saved_by": form.saved_by,
    }
    return render(request, "curriculum/desk/form.html", context)


def pay_for_text(request: MemberRequest, form: VersionedForm) -> None:
    """Take the length of the form's text from the curator's budget, before the text is
    rendered.

    Raises TooMany.
    """
    if form.is_bound:
        cost = markdown_length(type(form), request.POST)
        budget.spend(request.member, budget.RENDERED, cost, now=timezone.now())


def saved(
    request: MemberRequest, form: VersionedForm, words: str
) -> HttpResponse | None:
    """Save what was sent and lead back; None where there is
    something to show first.
    """
    if not form.is_bound:
        return None
    is_new = form.instance.pk is None
    with transaction.atomic():
        if not form.is_valid():
            return None
        row = form.save()
        LogEntry.objects.log_actions(
            request.member.pk,
            [row],
            ADDITION if is_new else CHANGE,
            change_message=", ".join(form.changed_data),
            single_object=True,
        )
    if form.merged:
        meanwhile = _(
            "Somebody else changed this meanwhile: %(fields)s. Both changes stand."
        )
        messages.info(request, meanwhile % {"fields": ", ".join(form.merged)})
    messages.success(request, words)
    return redirect(address_of(row))


def conflict_rows(form: VersionedForm) -> list[ConflictRow]:
    return [
        ConflictRow(
            conflict.name,
            conflict.label,
            words(conflict.theirs, conflict.mine, context=None),
            words(conflict.mine, conflict.theirs, context=None),
            conflict.takes_both,
        )
        for conflict in form.conflicts
    ]
