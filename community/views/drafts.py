"""Drafts: kept while somebody types, offered again, listed and deleted."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import actions, drafts
from community.forms import DraftedForm, versions_in
from community.models import Draft, Post
from community.views.targets import REFUSALS, or_404
from config.values import key as key_in
from members import toomany, unsent
from members.limits import TooMany
from members.requests import MemberRequest, in_background
from text.typed import clean_text

# Names of a form that are no words of its draft.
OF_DRAFTS = ("draft", "draft_version", "draft_versions", "draft_spare", "draft_for")
BUTTONS = ("draft_empty", "keep", "preview")
NOT_KEPT = {*unsent.NEVER_KEPT, *OF_DRAFTS, *BUTTONS}


@require_safe
def list_drafts(request: MemberRequest) -> HttpResponse:
    rows = drafts.drafts_of(request.member)
    return render(request, "community/drafts.html", {"rows": rows})


@require_safe
def draft(request: MemberRequest, draft_key: UUID) -> HttpResponse:
    """The words of a draft, and beside them those of the draft `?beside=`."""
    kept = [or_404(drafts.draft_of(request.member, str(draft_key)))]
    if other := drafts.draft_of(request.member, request.GET.get("beside", "")):
        kept.append(other)
    rows = [drafts.row_of(request.member, each) for each in kept]
    return render(request, "community/draft.html", {"rows": rows})


@require_safe
def offer(request: MemberRequest) -> HttpResponse:
    """The newest draft of the form at the address `?for=`, to go on with; nothing where
    there is none.
    """
    row = drafts.newest(request.member, request.GET.get("for", ""))
    if row is None:
        return HttpResponse()
    return render(request, "community/_draft_offer.html", {"offered": row})


@require_POST
def delete(request: MemberRequest, draft_key: UUID) -> HttpResponse:
    """Delete a draft. One that was sent or deleted already stays so."""
    get_object_or_404(Draft, member=request.member, key=draft_key)
    actions.delete_draft(request.member, draft_key, now=timezone.now())
    if request.htmx:
        context = {"was_offered": "offered" in request.POST}
        return render(request, "community/_draft_deleted.html", context)
    messages.success(request, _("The draft was deleted."))
    return redirect("community:drafts")


@in_background
@require_POST
def keep(request: MemberRequest) -> HttpResponse:
    """Keep a form as it is; for the script that saves while somebody types. The answer is
    the sentence that the form shows, or a notice if the draft was changed elsewhere.
    """
    path = request.POST.get("draft_for", "")
    if drafts.form_at(path) is None:
        return sentence(_("Texts of this form are not kept."), status=400)
    try:
        save = _save_of(request, path)
        if "draft_empty" in request.POST:
            actions.delete_draft(
                request.member, save.key, known=save.known, now=timezone.now()
            )
            return sentence("")
        kept = actions.keep_draft(request.member, save, now=timezone.now())
    except REFUSALS as refusal:
        return sentence(str(refusal), status=400)
    except TooMany as refusal:
        return sentence(toomany.words(refusal), status=429)
    if kept.other:
        return _conflict(request, kept.key, kept.other)
    return sentence(_saved_at())


def _saved_at() -> str:
    now = timezone.localtime(timezone.now())
    return _("Draft saved, %(time)s") % {"time": f"{now:%H:%M}"}


def sentence(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)


def _conflict(request: MemberRequest, mine: UUID, other: Draft) -> HttpResponse:
    context = {
        "mine": mine,
        "other": other,
        "row": None if other.ended_at else drafts.row_of(request.member, other),
    }
    return render(request, "community/_draft_conflict.html", context, status=409)


def _save_of(request: HttpRequest, path: str) -> actions.Save:
    """What a form has sent, as a draft of the form at `path`."""
    typed = unsent.typed_in(request)
    fields = [(name, value) for name, value in typed if name not in NOT_KEPT]
    sent = request.POST
    return actions.Save(
        key=key_in(sent.get("draft", "")) or uuid4(),
        version=key_in(sent.get("draft_version", "")) or uuid4(),
        known=versions_in(sent.get("draft_versions", "")),
        spare=key_in(sent.get("draft_spare", "")) or uuid4(),
        address=drafts.address_of(path, _about(dict(fields))),
        fields=fields,
    )


def _about(fields: Mapping[str, str]) -> dict[str, str]:
    """What a text is about, of the fields as they were sent: the text itself is cleaned
    when the budget of drafts is asked.
    """
    return {
        name: clean_text(fields[name][: drafts.ADDRESS_MAX + 1])
        for name in drafts.ABOUT
        if name in fields
    }


def restored(request: MemberRequest, path: str) -> Draft | None:
    """The draft that the address asks to go on with, if it is one of the form at `path`."""
    typed = request.GET.get("draft", "")
    if not typed or request.method == "POST":
        return None
    draft = drafts.draft_of(request.member, typed, path)
    if draft is None:
        words = _("This draft is no longer there: it was sent or deleted.")
        messages.info(request, words)
    return draft


def typed_in(draft: Draft | None) -> dict[str, str]:
    """The fields of a draft as the initial values of a form."""
    return {name: str(value) for name, value in draft.data().items()} if draft else {}


def posted_or_restored(request: MemberRequest, draft: Draft | None) -> QueryDict | None:
    """The data of a form: what was sent, or the draft to go on with."""
    if request.method == "POST":
        return request.POST
    return draft.data() if draft else None


def kept_as_draft(request: MemberRequest, form: DraftedForm) -> HttpResponse | None:
    """Keep a form whose button “Keep as draft” was pressed, and show the drafts; None for
    other buttons, and with an error in the form if it is refused.
    """
    if "keep" not in request.POST or not _has_words(request.POST):
        return None
    try:
        save = _save_of(request, request.path)
        actions.keep_draft(request.member, save, now=timezone.now())
    except REFUSALS as refusal:
        form.add_error("body", str(refusal))
        return None
    messages.success(request, _("Your draft is kept."))
    return redirect("community:drafts")


def _has_words(sent: QueryDict) -> bool:
    return any(sent.get(name, "").strip() for name in ("title", "body"))


def end_draft(request: MemberRequest, form: DraftedForm) -> None:
    """End the draft of a form that was sent."""
    actions.end_draft(
        request.member,
        form.cleaned_data["draft"],
        versions=form.cleaned_data["draft_versions"],
        now=timezone.now(),
    )


def offer_above(request: MemberRequest, fields: Mapping[str, str]) -> object:
    """The draft that a page offers above its empty form. At most two queries."""
    if request.method == "POST" or "draft" in request.GET:
        return None
    address = drafts.address_of(request.path, fields)
    return drafts.newest(request.member, address)


def offer_below(request: MemberRequest, shown: Post) -> object:
    """The draft of a comment that the page of a post offers with its form. No query for
    members without one, else two.
    """
    if not shown.has_draft or "draft" in request.GET:
        return None
    return drafts.newest(request.member, reverse("community:comment", args=[shown.pk]))
