"""Forms that change a poll."""

from collections.abc import Sequence
from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from community.kinds.poll import (
    MOST_OPTIONS,
    OPTIONS,
    ClosingField,
    option_field,
)
from community.models import PollOption


class AddedOptionForm(forms.Form):
    """One more option of a poll."""

    name = option_field(_("Something else"), required=True)


class PollForm(forms.Form):
    """Names of options, further options, and when the poll closes. When somebody has
    voted, the names have no fields, unless they were sent from a form that was opened
    before.
    """

    closes_at = ClosingField()
    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | None,
        *,
        options: Sequence[PollOption],
        has_votes: bool,
        closes_at: datetime | None,
    ) -> None:
        super().__init__(data, initial={"closes_at": closes_at})
        self.has_votes = has_votes
        self.options = options
        for option in options:
            name = f"name-{option.pk}"
            if not has_votes or name in self.data:
                self.fields[name] = option_field(option.name, initial=option.name)
        self.new = OPTIONS[: MOST_OPTIONS - len(options)]
        for number, name in enumerate(self.new, len(options) + 1):
            self.fields[name] = option_field(_("Option %(n)s") % {"n": number})

    def field_of(self, option: int) -> forms.BoundField | None:
        name = f"name-{option}"
        return self[name] if name in self.fields else None

    def new_fields(self) -> dict[str, forms.BoundField]:
        return {name: self[name] for name in self.new}

    def names(self) -> dict[int, str]:
        """The names that were sent, by the ids of their options."""
        return {
            option.pk: self.cleaned_data[f"name-{option.pk}"]
            for option in self.options
            if f"name-{option.pk}" in self.data
        }

    def added(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.new if self.cleaned_data[name]]
