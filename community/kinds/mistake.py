"""Spot the mistake: a text that is wrong somewhere, and its author's answer to where.

The answer is the author's own comment, which is the accepted one. It and the comments of
others, which are tries, are folded until the reader has tried or asks (decision 0144).
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.kinds.base import PostKind, Text
from text.limits import TEXT_MAX, TOO_LONG


class MistakeKind(PostKind):
    name = "mistake"
    label = gettext_lazy("Spot the mistake")
    icon = "eye"
    prompt = gettext_lazy("What looks right and is not, %(name)s?")
    page_title = gettext_lazy("Spot the mistake")
    needs_title = gettext_lazy("Say in one sentence what the text is about.")
    folds_comments = True
    row_template = "community/_mistake_in_list.html"
    accepted = gettext_lazy("The answer")
    accepted_by = gettext_lazy("The answer by %(name)s")
    comments = gettext_lazy("Tries and the answer")
    comment = gettext_lazy("Try it")
    post_comment = gettext_lazy("Post your try")
    no_comments = gettext_lazy("No try yet. Half a try is welcome.")

    def fields(self) -> dict[str, forms.Field]:
        return {
            "answer": forms.CharField(
                label=gettext_lazy("Your answer: where the mistake is, and why"),
                help_text=gettext_lazy(
                    "Folded for everybody who has not tried and does not ask to see it."
                ),
                max_length=TEXT_MAX,
                required=False,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 5}),
                error_messages={"max_length": TOO_LONG},
            )
        }

    def clean(self, values: dict[str, Any]) -> dict[str, Text]:
        errors = super().clean(values)
        values["answer"] = values.get("answer", "").replace("\r\n", "\n").strip("\n")
        if not values["answer"].strip():
            errors["answer"] = _("Write the answer too: it is folded at first.")
        return errors

    def own_answer(self, details: Mapping[str, Any]) -> str:
        return str(details.get("answer", ""))

    def comment_by(self, name: str) -> str:
        return _("Try by %(name)s") % {"name": name}

    def comment_label(self, author: str, *, is_mine: bool, is_folded: bool) -> str:
        if is_mine or not is_folded:
            return super().comment_label(author, is_mine=is_mine, is_folded=is_folded)
        return _("Where is the mistake? The answer opens once you have tried.")
