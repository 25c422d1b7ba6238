"""Joining a question that was asked before to the one where it is answered."""

from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from community import actions, visible
from community.models import Post
from community.views.targets import visible_post
from config.values import number
from members.models import Member
from members.requests import MemberRequest
from search.similar import SimilarQuestion, similar


class JoinForm(forms.Form):
    """One of the questions that are shown, or another by its address."""

    to = forms.ChoiceField(
        label=gettext_lazy("Which question is it?"),
        required=False,
        widget=forms.RadioSelect,
    )
    address = forms.CharField(
        label=gettext_lazy("Or the address of another question"), required=False
    )

    def __init__(
        self, *args: object, reader: Member, near: list[SimilarQuestion]
    ) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.reader = reader
        choices = [(str(each.post.pk), str(each.post)) for each in near]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> None:
        if self.errors:
            return
        address = self.cleaned_data["address"]
        key = _key_in(address) if address else number(self.cleaned_data["to"])
        chosen = visible.post(self.reader, key) if key else None
        if chosen is None and address:
            self.add_error("address", _("There is no question at this address."))
        elif chosen is None:
            self.add_error("address", _("Choose a question, or paste its address."))
        self.chosen = chosen


def _key_in(address: str) -> int:
    """The key of the post that an address leads to; 0 for any other address."""
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return 0
    key: int = match.kwargs["pk"] if match.view_name == "community:post" else 0
    return key


def join(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose the question that this one asks again."""
    question = _own_question(request, pk)
    near = similar(request.member, question.title, question.body, leave_out=pk)
    typed = request.POST if request.method == "POST" else None
    form = JoinForm(typed, reader=request.member, near=near)
    if form.is_valid() and form.chosen:
        try:
            joined = actions.join_question(
                question, form.chosen, by=request.member, now=timezone.now()
            )
        except actions.Refused as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("The question is joined to this one."))
            return redirect(joined)
    context = {"form": form, "post": question}
    return render(request, "community/join.html", context)


@require_POST
def separate(request: MemberRequest, pk: int) -> HttpResponse:
    question = _own_question(request, pk)
    actions.separate_question(question, by=request.member)
    messages.success(request, _("The question stands for itself again."))
    return redirect(question)


def _own_question(request: MemberRequest, pk: int) -> Post:
    question = visible_post(request, pk)
    if not actions.may_join(question, request.member):
        raise Http404
    return question
