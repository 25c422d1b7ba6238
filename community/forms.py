from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community import kinds
from community.kinds.base import PostKind
from community.subjects import (
    PaperRef,
    StepRef,
    Subject,
    find_paper,
    find_step,
    thread_of,
)
from config.values import moment
from members.models import Member
from text.limits import TEXT_MAX, TOO_LONG


class WordsField(forms.CharField):
    """A field of Markdown. Only empty lines around it are stripped, since spaces at the
    beginning of a line have a meaning.

    A text that is too long to be rendered is refused here, before anything reads its lines.
    """

    def __init__(self, **kwargs: Any) -> None:
        hint = _("Markdown, `code` and $\\sigma$ work here")
        super().__init__(
            strip=False,
            help_text=hint,
            widget=forms.Textarea(attrs={"rows": 12}),
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        return (
            str(super().to_python(value) or "")
            .replace("\r\n", "\n")
            .rstrip()
            .lstrip("\n")
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > TEXT_MAX:
            raise forms.ValidationError(TOO_LONG, code="max_length")


class SubjectForm(forms.Form):
    """The step or the paper of a thread; with neither, the group's feed."""

    step = forms.UUIDField(required=False, widget=forms.HiddenInput)
    paper = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def clean_step(self) -> StepRef | None:
        key = self.cleaned_data["step"]
        step = find_step(key) if key else None
        if key and step is None:
            raise forms.ValidationError(_("This step no longer exists."))
        return step

    def clean_paper(self) -> PaperRef | None:
        arxiv_id = self.cleaned_data["paper"]
        paper = find_paper(arxiv_id) if arxiv_id else None
        if arxiv_id and paper is None:
            raise forms.ValidationError(_("This paper no longer exists."))
        return paper

    def subject(self) -> Subject | None:
        """The step or paper that the fields name; None if there is no such thing."""
        return self.cleaned_data.get("step") or self.cleaned_data.get("paper")


def first_word(name: str) -> str:
    return (name.split() or [name])[0]


class PostForm(SubjectForm):
    """A new post, in the feed or in the thread of a step or a paper."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    body = WordsField(
        label=_("Text"), error_messages={"required": _("Write something first.")}
    )

    is_empty = False  # as a composer: it may hold words and errors

    def __init__(
        self,
        *args: Any,
        member: Member,
        offered: list[PostKind] | None = None,
        **kwargs: Any,
    ) -> None:
        """`offered` are the kinds that `member` may write, if the caller knows them."""
        super().__init__(*args, **kwargs)
        self.name = first_word(member.name)
        self.kinds = kinds.written_by(member) if offered is None else offered
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in self.kinds]  # type: ignore[attr-defined]
        self.details = self.chosen.fields()
        self.fields.update(self.details)

    @property
    def chosen(self) -> PostKind:
        return kinds.of(str(self["kind"].value() or ""))

    def detail_fields(self) -> list[forms.BoundField]:
        """The fields that only the chosen kind has."""
        return [self[name] for name in self.details]

    def prompts(self) -> list[tuple[str, str, str]]:
        """The name, label and prompt of each kind, such as “What are you stuck on,
        Mira?”.
        """
        return [(kind.name, str(kind.label), self._prompt(kind)) for kind in self.kinds]

    def prompt(self) -> str:
        """The prompt of the kind that is chosen first."""
        return self._prompt(self.chosen)

    def _prompt(self, kind: PostKind) -> str:
        return str(kind.prompt) % {"name": self.name}

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or kinds.DEFAULT

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, message in self.chosen.clean(values).items():
            if name not in self.errors:
                self.add_error(name, str(message))
        return values

    def words(self) -> dict[str, Any]:
        """The arguments of `actions.write_post`."""
        words = {name: self.cleaned_data[name] for name in ("kind", "title", "body")}
        details = {name: self.cleaned_data[name] for name in self.details}
        return {**words, "details": details, "thread": thread_of(self.subject())}


class CommentForm(forms.Form):
    body = WordsField(
        label=_("Text"), error_messages={"required": _("Write something first.")}
    )
    is_empty = False  # it may hold words and errors
    # read by the page, which knows the comments
    parent = forms.CharField(required=False, widget=forms.HiddenInput)


class EditForm(forms.Form):
    """The text of a post or comment, with the `edited_at` of the version that the writer
    opened.
    """

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    body = WordsField(
        label=_("Text"),
        error_messages={
            "required": _("A text cannot be empty. You can remove it instead.")
        },
    )
    seen_edited_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, has_title: bool, needs_title: str, **kwargs: Any
    ) -> None:
        """`needs_title` is the message for a missing title; empty if it may be missing."""
        super().__init__(*args, **kwargs)
        if not has_title:
            del self.fields["title"]
        elif needs_title:
            self.fields["title"].required = True
            self.fields["title"].error_messages["required"] = needs_title

    def clean_seen_edited_at(self) -> datetime | None:
        """None for a text that was never edited, and for a value that is not a time: it
        then differs from any edit.
        """
        return moment(self.cleaned_data["seen_edited_at"])

    def seen_again(self, edited_at: datetime | None) -> None:
        """Show what was typed again, now based on the newest version."""
        seen = edited_at.isoformat() if edited_at else ""
        self.data = {
            **{name: self.data.get(name, "") for name in self.fields},
            "seen_edited_at": seen,
        }
