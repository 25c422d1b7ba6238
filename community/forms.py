from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from community import kinds
from community.kinds.base import PostKind
from community.subjects import (
    ActivityRef,
    PaperRef,
    ResourceRef,
    StepRef,
    Subject,
    find_activity,
    find_paper,
    find_resource,
    find_step,
    thread_of,
)
from config.values import BIGGEST, key, moment
from members.models import Member
from text.limits import TEXT_MAX, TOO_LONG

VERSIONS_MAX = 20  # of a draft that one form names


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


class DraftedForm(forms.Form):
    """A form whose text is kept as a draft while it is typed.

    It names its draft, and the versions that its text goes on from. What a script or
    somebody else wrote there is never an error of the form.
    """

    # Several such forms may be on a page, so these fields have no id.
    draft = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"id": False})
    )
    draft_versions = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"id": False})
    )
    is_restored = False

    def clean_draft(self) -> UUID | None:
        return key(self.cleaned_data["draft"])

    def clean_draft_versions(self) -> list[UUID]:
        return versions_in(self.cleaned_data["draft_versions"])

    def show_again(self) -> None:
        """Show the data as they are, without errors: a draft may be unfinished."""
        self._errors, self.cleaned_data = ErrorDict(), {}
        self.is_restored = True

    def is_valid(self) -> bool:
        return not self.is_restored and super().is_valid()


def versions_in(text: str) -> list[UUID]:
    """The versions of a draft that a form names; at most the first VERSIONS_MAX."""
    names = text[: VERSIONS_MAX * 40].split(" ")[:VERSIONS_MAX]
    return [version for name in names if (version := key(name))]


class WithUploads(forms.Form):
    """A form whose text may show pictures and files (`community.attaching`)."""

    REASONS = {
        "refused": _("A file was not taken. The reason stands below the text."),
        "added": _("Your files are below the text now. Nothing was sent yet."),
        "unsaid": _("Say below the text what your pictures show."),
    }
    shown_again = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"id": False})
    )

    def clean_shown_again(self) -> str:
        """Refuse a text whose files its author has not seen, or has not described."""
        if reason := self.REASONS.get(self.cleaned_data["shown_again"]):
            self.add_error(None, str(reason))
        return ""


class SubjectForm(forms.Form):
    """What a thread is about; with no field filled, the group's feed."""

    step = forms.UUIDField(required=False, widget=forms.HiddenInput)
    activity = forms.UUIDField(required=False, widget=forms.HiddenInput)
    resource = forms.IntegerField(
        min_value=1, max_value=BIGGEST, required=False, widget=forms.HiddenInput
    )
    paper = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def clean_step(self) -> StepRef | None:
        key = self.cleaned_data["step"]
        step = find_step(key) if key else None
        if key and step is None:
            raise forms.ValidationError(_("This step no longer exists."))
        return step

    def clean_activity(self) -> ActivityRef | None:
        key = self.cleaned_data["activity"]
        activity = find_activity(key) if key else None
        if key and activity is None:
            raise forms.ValidationError(_("This activity no longer exists."))
        return activity

    def clean_resource(self) -> ResourceRef | None:
        key = self.cleaned_data["resource"]
        resource = find_resource(key) if key else None
        if key and resource is None:
            raise forms.ValidationError(_("This resource no longer exists."))
        return resource

    def clean_paper(self) -> PaperRef | None:
        arxiv_id = self.cleaned_data["paper"]
        paper = find_paper(arxiv_id) if arxiv_id else None
        if arxiv_id and paper is None:
            raise forms.ValidationError(_("This paper no longer exists."))
        return paper

    def subject(self) -> Subject | None:
        """What the fields name; None if there is no such thing."""
        named = (self.cleaned_data.get(name) for name in SubjectForm.base_fields)
        return next(filter(None, named), None)

    def about(self) -> list[forms.BoundField]:
        """The hidden fields that name it: those that are filled."""
        fields = (self[name] for name in SubjectForm.base_fields)
        return [field for field in fields if field.value()]


def first_word(name: str) -> str:
    return (name.split() or [name])[0]


class PostForm(DraftedForm, WithUploads, SubjectForm):
    """A new post, in the feed or in another thread."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    body = WordsField(
        label=_("Text"), error_messages={"required": _("Write something first.")}
    )

    is_empty = False  # as a composer: it may hold words and errors
    # The fields of a kind that is not chosen are in the page, and hidden.
    use_required_attribute = False

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
        self.fields["body"].required = self.chosen.needs_text

    @property
    def chosen(self) -> PostKind:
        return kinds.of(str(self["kind"].value() or ""))

    def kind_fields(self) -> list[tuple[PostKind, dict[str, forms.BoundField]]]:
        """The fields of each kind that has some. They are shown while it is chosen."""
        return [(kind, fields) for kind in self.kinds if (fields := self._of(kind))]

    def _of(self, kind: PostKind) -> dict[str, forms.BoundField]:
        if kind is self.chosen:
            return {name: self[name] for name in self.details}
        return {
            name: field.get_bound_field(self, name)
            for name, field in kind.fields().items()
        }

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


class CommentForm(DraftedForm, WithUploads):
    body = WordsField(
        label=_("Text"), error_messages={"required": _("Write something first.")}
    )
    is_empty = False  # it may hold words and errors
    # read by the page, which knows the comments
    parent = forms.CharField(required=False, widget=forms.HiddenInput)


class EditForm(DraftedForm, WithUploads):
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
