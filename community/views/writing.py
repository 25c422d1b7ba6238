"""What helps while somebody writes: a preview, examples, quotations."""

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from community import actions
from community.folding import fold_below, fold_of
from community.formatting import examples
from community.models import Comment, Post
from community.quoting import LENGTH_MAX, quotation
from community.views.drafts import sentence
from community.views.targets import (
    REFUSALS,
    unfolded_comment,
    unfolded_post,
)
from config.values import number
from members import toomany
from members.limits import TooMany
from members.requests import MemberRequest, in_background
from text.typed import clean_line, clean_text

ADDRESS_OF_POST = "post"  # what `?quote=` says for the post itself


@in_background
@require_POST
def preview(request: MemberRequest) -> HttpResponse:
    """What readers will see of a text; for the script that shows it beside the text."""
    typed = {name: request.POST.get(name, "") for name in ("title", "body", "answer")}
    try:
        actions.check_length([*typed.items()])
        body = clean_text(typed["body"])
        html = actions.preview(request.member, body, now=timezone.now())
        answer = _preview_of(request, clean_text(typed["answer"]))
    except REFUSALS as refusal:
        return sentence(str(refusal), status=400)
    except TooMany as refusal:
        return sentence(toomany.words(refusal), status=429)
    title = clean_line(typed["title"])
    shown = {"title": title, "body_html": html, "answer_html": answer}
    return render(request, "community/_preview.html", {"preview": shown})


def previewed(request: MemberRequest, form: Form) -> dict[str, str]:
    """What readers will see of a form whose button “Preview” was pressed; empty for other
    buttons, and with an error in the form if the text is refused.
    """
    if "preview" not in request.POST or not form.is_valid():
        return {}
    words = form.cleaned_data
    try:
        html = actions.preview(request.member, words["body"], now=timezone.now())
        answer = _preview_of(request, words.get("answer", ""))
    except REFUSALS as refusal:
        form.add_error("body", str(refusal))
        return {}
    return {"title": words.get("title", ""), "body_html": html, "answer_html": answer}


def _preview_of(request: MemberRequest, answer: str) -> str:
    """The answer that some kinds of post bring with them; empty without one."""
    if not answer:
        return ""
    return actions.preview(request.member, answer, now=timezone.now())


@require_safe
def formatting(request: MemberRequest) -> HttpResponse:
    """How to write formulas, code and the rest."""
    return render(request, "community/formatting.html", {"examples": examples()})


@require_safe
def quote_post(request: MemberRequest, pk: int) -> HttpResponse:
    return sentence(_quoted(request, unfolded_post(request, pk)))


@require_safe
def quote_comment(request: MemberRequest, pk: int) -> HttpResponse:
    return sentence(_quoted(request, unfolded_comment(request, pk)))


def _quoted(request: MemberRequest, target: Post | Comment) -> str:
    """The words `?words=`, which the reader marked, or the whole text, as a quotation."""
    words = clean_text(request.GET.get("words", "")[: LENGTH_MAX + 1])
    return quotation_of(target, words)


def quotation_of(target: Post | Comment, words: str = "") -> str:
    return quotation(
        target.author.name, target.get_absolute_url(), words.strip() or target.body
    )


def quoted_first(request: MemberRequest, on: Post) -> str:
    """The text that a comment on the post begins with: what `?quote=` names, quoted,
    unless it is folded.
    """
    named = request.GET.get("quote", "")
    if named == ADDRESS_OF_POST:
        return "" if fold_of(on, request.member) else quotation_of(on)
    pk = number(named)
    if pk is None:
        return ""
    quoted = Comment.objects.visible_to(request.member).filter(post=on, pk=pk)
    comment = quoted.select_related("author").first()
    if comment is None or fold_below(on, comment.author_id, request.member):
        return ""
    return quotation_of(comment)
