"""The choice of a time zone is what Django's widget would show."""

import pytest
from django import forms
from django.test.html import parse_html

from look.fields import as_input
from members.forms import ZoneField, zone_choices


class Ours(forms.Form):
    zone = ZoneField(help_text="Your clock.")


class Djangos(forms.Form):
    zone = forms.ChoiceField(
        choices=zone_choices,
        help_text="Your clock.",
        widget=forms.Select(attrs=ZoneField().widget.attrs),
    )


@pytest.mark.parametrize(
    "typed",
    [
        *(None, {}, {"zone": "UTC"}, {"zone": "Africa/Abidjan"}),
        *({"zone": "Europe/Berlin"}, {"zone": zone_choices()[-1][0]}),
        *({"zone": '"><b>Berlin'}, {"zone": ""}),
    ],
)
def test_the_choice_of_a_zone_is_shown_as_django_shows_it(
    typed: dict[str, str] | None,
) -> None:
    ours, djangos = Ours(typed), Djangos(typed)

    assert ours.is_valid() == djangos.is_valid()
    assert parse_html(as_input(ours["zone"])) == parse_html(as_input(djangos["zone"]))


def test_the_zone_that_was_chosen_is_selected() -> None:
    shown = as_input(Ours({"zone": "America/New_York"})["zone"])

    assert shown.count(" selected") == 1
    assert '<option value="America/New_York" selected>America/New York<' in shown
