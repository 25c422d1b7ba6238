"""Slugs that no other row of the same parent has."""

from typing import Any

from django import forms

from config.formsets import SentRows


class SlugOnce(forms.ModelForm):
    """A slug that no other row of the same parent has, retired ones aside:
    the constraint, in time and in words.
    """

    parent: str
    taken: Any

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        row = self.instance
        if (
            "slug" not in self.errors
            and getattr(row, f"{self.parent}_id")
            and not row.retired_at
        ):
            others = type(row)._default_manager.filter(
                **{self.parent: getattr(row, self.parent), "slug": row.slug}
            )
            if others.filter(retired_at=None).exclude(pk=row.pk).exists():
                self.add_error("slug", self.taken)


class SlugsOnce(SentRows):
    """New rows on one page that would take the same slug."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        rows: list[Any] = self.forms
        for form in rows:
            slug = None
            if form.has_changed() and form.is_valid():
                slug = form.cleaned_data.get("slug")
            if slug in seen:
                form.add_error("slug", form.taken)
            elif slug:
                seen.add(slug)
