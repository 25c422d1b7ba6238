"""Inputs show what was typed, whatever it was."""

from datetime import UTC, date, datetime, time

import pytest
from django import forms

from look.fields import as_input, fits_input


class Hours(forms.Form):
    hours = forms.IntegerField(
        min_value=1, max_value=80, widget=forms.NumberInput(attrs={"step": 1})
    )
    day = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date", "min": "2026-01-01"})
    )


@pytest.mark.parametrize("value", [None, "", 0, 12, "12", "-3.5", ".5", "1e3", 1234.5])
def test_a_number_is_shown_as_a_number(value: object) -> None:
    assert fits_input(value, "number")


@pytest.mark.parametrize("value", ["x", "1,5", "1 2", "+3", "5.", "٣", "NaN", " 1"])
def test_what_no_browser_shows_as_a_number_is_shown_as_text(value: object) -> None:
    assert not fits_input(value, "number")


@pytest.mark.parametrize("value", [None, "", date(2026, 11, 27), "2026-11-27"])
def test_a_day_is_shown_as_a_day(value: object) -> None:
    assert fits_input(value, "date")


@pytest.mark.parametrize("value", ["x", "20261127", "2026-W48-5", "2026-02-30"])
def test_what_no_browser_shows_as_a_day_is_shown_as_text(value: object) -> None:
    assert not fits_input(value, "date")


@pytest.mark.parametrize(
    "value",
    ["2026-11-27T18:05", "2026-11-27 18:05:30", datetime(2026, 11, 27, tzinfo=UTC)],
)
def test_a_moment_is_shown_as_a_moment(value: object) -> None:
    assert fits_input(value, "datetime-local")


@pytest.mark.parametrize(
    "value", ["x", "2026-11-27", "2026-11-27T24:05", "2026-11-27T18:05Z"]
)
def test_what_no_browser_shows_as_a_moment_is_shown_as_text(value: object) -> None:
    assert not fits_input(value, "datetime-local")


@pytest.mark.parametrize("value", [None, "", time(22, 30), "22:30", "22:30:15"])
def test_a_time_is_shown_as_a_time(value: object) -> None:
    assert fits_input(value, "time")


@pytest.mark.parametrize("value", ["x", "9:30", "24:00", "22.30", "22:30Z"])
def test_what_no_browser_shows_as_a_time_is_shown_as_text(value: object) -> None:
    assert not fits_input(value, "time")


@pytest.mark.parametrize("kind", ["text", "email", "url", ""])
def test_other_inputs_show_everything(kind: str) -> None:
    assert fits_input("x", kind)


def test_a_refused_value_is_shown_without_limits_that_text_does_not_have() -> None:
    form = Hours({"hours": "ten", "day": "tomorrow"})
    html = as_input(form["hours"]) + as_input(form["day"])

    assert html.count('type="text"') == 2
    assert 'value="ten"' in html
    assert 'value="tomorrow"' in html
    assert not any(f" {limit}=" in html for limit in ("min", "max", "step"))


def test_showing_a_refused_value_leaves_the_form_as_it_was() -> None:
    form = Hours({"hours": "ten", "day": "tomorrow"})
    as_input(form["hours"])
    form.data = {"hours": "10", "day": "2026-11-27"}

    assert 'type="number" name="hours" value="10"' in as_input(form["hours"])
    assert 'min="1" max="80"' in as_input(form["hours"])
    assert 'type="date"' in as_input(form["day"])
