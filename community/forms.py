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


class WordsField(forms.CharField):
    """Markdown.

    Spaces at the beginning of a line mean something in it, so only empty lines around
    it go.
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


class SubjectForm(forms.Form):
    """The step or the paper whose thread is meant; neither means the group's feed."""

    step = forms.UUIDField(required=False, widget=forms.HiddenInput)
    paper = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def clean_step(self) -> StepRef | None:
        key = self.cleaned_data["step"]
        step = find_step(key) if key else None
        if key and step is None:
            raise forms.ValidationError(_("This step is no longer here."))
        return step

    def clean_paper(self) -> PaperRef | None:
        arxiv_id = self.cleaned_data["paper"]
        paper = find_paper(arxiv_id) if arxiv_id else None
        if arxiv_id and paper is None:
            raise forms.ValidationError(_("This paper is no longer here."))
        return paper

    def subject(self) -> Subject | None:
        """What the checked fields name; None where they name nothing that is there."""
        return self.cleaned_data.get("step") or self.cleaned_data.get("paper")


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
        """`offered` are the kinds that `member` may write, where they are known."""
        super().__init__(*args, **kwargs)
        self.name = member.name.split()[0] if member.name.split() else member.name
        self.kinds = kinds.written_by(member) if offered is None else offered
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in self.kinds]  # type: ignore[attr-defined]
        self.details = self.chosen.fields()
        self.fields.update(self.details)

    @property
    def chosen(self) -> PostKind:
        return kinds.of(str(self["kind"].value() or ""))

    def detail_fields(self) -> list[forms.BoundField]:
        """The fields of the chosen kind alone."""
        return [self[name] for name in self.details]

    def prompts(self) -> list[tuple[str, str, str]]:
        """Each kind with its label and what the short form asks for, as in “What are
        you stuck on, Mira?”.
        """
        return [(kind.name, str(kind.label), self._prompt(kind)) for kind in self.kinds]

    def prompt(self) -> str:
        """What the short form asks for before another kind is chosen."""
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
        """What `actions.write_post` takes."""
        words = {name: self.cleaned_data[name] for name in ("kind", "title", "body")}
        details = {name: self.cleaned_data[name] for name in self.details}
        return {**words, "details": details, "thread": thread_of(self.subject())}


class CommentForm(forms.Form):
    body = WordsField(
        label=_("Text"), error_messages={"required": _("Write something first.")}
    )
    # read by the page, which knows the comments
    parent = forms.CharField(required=False, widget=forms.HiddenInput)


class EditForm(forms.Form):
    """The words of a post or a comment, with the moment of the edit that the writer had
    before her.
    """

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    body = WordsField(
        label=_("Text"),
        error_messages={"required": _("To take your words back, remove them.")},
    )
    seen_edited_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, has_title: bool, needs_title: str, **kwargs: Any
    ) -> None:
        """`needs_title` is the message for a missing one; empty where it may be."""
        super().__init__(*args, **kwargs)
        if not has_title:
            del self.fields["title"]
        elif needs_title:
            self.fields["title"].required = True
            self.fields["title"].error_messages["required"] = needs_title

    def clean_seen_edited_at(self) -> datetime | None:
        """None for words that were never edited, and for a moment that cannot be read:
        it then counts as not seen.
        """
        return moment(self.cleaned_data["seen_edited_at"])

    def seen_again(self, edited_at: datetime | None) -> None:
        """Show the same words again, now as written after the newest edit."""
        seen = edited_at.isoformat() if edited_at else ""
        self.data = {
            **{name: self.data.get(name, "") for name in self.fields},
            "seen_edited_at": seen,
        }
