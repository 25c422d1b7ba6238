from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Post
from community.places import Place, StepPlace, step_place
from members.models import Member
from papers.models import Paper

KINDS = (Post.Kind.DISCUSSION, Post.Kind.QUESTION, Post.Kind.JOURNEY, Post.Kind.SHOWCASE)
HINTS = (_("What I want to do"), _("What I ran"), _("The whole error, or what I saw"), _("What I tried"))


def question_template() -> str:
    return "\n\n\n".join(f"**{hint}**" for hint in HINTS) + "\n\n"


def without_empty_hints(body: str) -> str:
    """The text without those headings of the question's template below which nothing was written."""
    headings = {f"**{hint}**" for hint in HINTS}
    kept: list[str] = []
    for line in reversed(body.split("\n")):
        if line.strip() in headings and (not any(map(str.strip, kept)) or _first(kept) in headings):
            continue
        kept.insert(0, line)
    return "\n".join(kept)


def _first(lines: list[str]) -> str:
    return next(line.strip() for line in lines if line.strip())


class WordsField(forms.CharField):
    """Markdown. Spaces at the beginning of a line mean something in it, so only empty lines around it go."""

    def __init__(self, **kwargs: Any) -> None:
        hint = _("Markdown, `code` and $\\sigma$ work here")
        super().__init__(strip=False, help_text=hint, widget=forms.Textarea(attrs={"rows": 12}), **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").rstrip().lstrip("\n")


class PlaceForm(forms.Form):
    """The step or the paper whose thread is meant; neither means the group's feed."""

    step = forms.UUIDField(required=False, widget=forms.HiddenInput)
    paper = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def clean_step(self) -> StepPlace | None:
        key = self.cleaned_data["step"]
        if key and not (place := step_place(key)):
            raise forms.ValidationError(_("This step is not here any more."))
        return place if key else None

    def clean_paper(self) -> Paper | None:
        arxiv_id = self.cleaned_data["paper"]
        if arxiv_id and not (paper := Paper.objects.filter(arxiv_id=arxiv_id).first()):
            raise forms.ValidationError(_("This paper is not here any more."))
        return paper if arxiv_id else None

    def place(self) -> Place:
        """What the checked fields name; the feed where they name nothing that is there."""
        values = self.cleaned_data
        return Place(values.get("step"), None if values.get("step") else values.get("paper"))


class PostForm(PlaceForm):
    """A new post, in the feed or in the thread of a step or a paper."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    body = WordsField(label=_("Text"), error_messages={"required": _("There is nothing to post yet.")})

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [*KINDS, Post.Kind.ANNOUNCEMENT] if member.is_moderator else KINDS
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Post.Kind.DISCUSSION.value

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("kind") == Post.Kind.QUESTION:
            if not values.get("title") and "title" not in self.errors:
                self.add_error("title", _("A question needs a title: ask it in one sentence."))
            values["body"] = without_empty_hints(values.get("body", "")).strip("\n")
            if not values["body"].strip() and "body" not in self.errors:
                self.add_error("body", _("Say a little more: what did you run, and what did you see?"))
        return values

    def words(self) -> dict[str, Any]:
        """What `actions.write_post` takes."""
        values, place = self.cleaned_data, self.place()
        words = {name: values[name] for name in ("kind", "title", "body")}
        return {**words, "step_key": place.step and place.step.key, "paper": place.paper}


class CommentForm(forms.Form):
    body = WordsField(label=_("Text"), error_messages={"required": _("There is nothing to post yet.")})
    parent = forms.IntegerField(required=False, widget=forms.HiddenInput)


class EditForm(forms.Form):
    """The words of a post or a comment, with the moment of the edit that the writer had before her."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    body = WordsField(label=_("Text"), error_messages={"required": _("To take your words back, remove them.")})
    seen_edited_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_title: bool, needs_title: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_title:
            del self.fields["title"]
        elif needs_title:
            self.fields["title"].required = True
            self.fields["title"].error_messages["required"] = _("A question needs a title: ask it in one sentence.")

    def clean_seen_edited_at(self) -> datetime | None:
        """None for words that were never edited, and for a moment that cannot be read: it then counts as not seen."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen_edited_at"])
        except ValueError:
            return None

    def seen_again(self, edited_at: datetime | None) -> None:
        """Show the same words again, now as written after the newest edit."""
        seen = edited_at.isoformat() if edited_at else ""
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "seen_edited_at": seen}
