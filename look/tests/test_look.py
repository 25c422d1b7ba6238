import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import engines
from django.template.defaultfilters import date as by_django
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from look.times import hours_minutes, in_reader_zone
from members.models import Member


def rendered(template: str, **context: object) -> str:
    return engines["jinja2"].from_string(template).render(context).strip()


def test_rings_say_their_numbers_in_order_and_leave_an_empty_arc_out() -> None:
    html = rendered(
        "{{ rings(shares, 'This week') }}", shares={"math": 0, "run": 130, "hack": 52}
    )

    assert 'aria-label="This week: Run 130 %, Hack 52 %, Math 0 %"' in html
    assert 'stroke-dasharray="100 100"' in html
    assert 'stroke-dasharray="52 100"' in html
    assert html.count("stroke-dasharray") == 2


def test_small_rings_have_no_shapes() -> None:
    assert (
        rendered("{{ rings(shares, 'x', size='s') }}", shares={}).count('class="shape"')
        == 0
    )
    assert (
        rendered("{{ rings(shares, 'x', size='l', text='61%') }}", shares={}).count(
            'class="shape"'
        )
        == 3
    )


def test_a_mix_fills_its_bar_and_leaves_gaps() -> None:
    html = rendered("{{ mix(shares) }}", shares={"run": 60, "math": 40})

    assert '<rect data-aspect="run" x="0" width="59.2" height="6"/>' in html
    assert '<rect data-aspect="math" x="60" width="40" height="6"/>' in html
    assert 'data-aspect="hack"' not in html


def test_names_in_avatars_are_escaped() -> None:
    member = Member(pk=8, name='<script>"x"')

    assert "<script>" not in rendered("{{ avatar(member, alone=true) }}", member=member)
    assert 'data-hue="1"' in rendered("{{ avatar(member, 's') }}", member=member)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_times_are_told_in_the_shortest_words(before: timedelta, words: str) -> None:
    assert f">{words}</time>" in rendered(
        "{{ when(moment) }}", moment=timezone.now() - before
    )


def test_old_times_are_dates() -> None:
    moment = timezone.now() - timedelta(days=900)

    assert f"{moment.year}</time>" in rendered("{{ when(moment) }}", moment=moment)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (45, "45 min"), (90, "1 h 30"), (120, "2 h"), (None, "0 min")],
)
def test_minutes_read_as_hours(minutes: int | None, words: str) -> None:
    assert hours_minutes(minutes) == words


class Form(forms.Form):
    name = forms.CharField(help_text="As others see it")
    agree = forms.BooleanField()
    days = forms.MultipleChoiceField(
        choices=[("0", "Mon")], widget=forms.CheckboxSelectMultiple, required=False
    )
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_shows_label_hint_and_error_and_ties_them_together() -> None:
    html = rendered(
        "{{ error_summary(form) }}{% for bound in form %}{{ field(bound) }}{% endfor %}",
        form=Form({"name": ""}),
    )

    assert '<label for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert '<a href="#id_name">Name</a>: This field is required.' in html
    assert '<div class="pills">' in html
    assert '<input type="hidden" name="hidden"' in html


def test_the_summary_leads_to_a_group_of_choices_by_its_name() -> None:
    html = rendered(
        "{{ error_summary(form) }}{{ field(form.days) }}", form=Form({"days": ["9"]})
    )

    assert '<a href="#id_days">Days</a>: ' in html
    assert '<fieldset class="field" id="id_days">' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert rendered("{{ error_summary(form) }}", form=Form()) == ""


def test_no_moment_in_a_template_has_microseconds() -> None:
    moment = datetime(2026, 5, 4, 12, 30, 15, 504726, tzinfo=UTC)
    assert rendered("{{ moment|exact }}", moment=moment) == "2026-05-04T12:30+00:00"

    root = Path(__file__).parents[2]
    assert [
        path.name
        for path in root.glob("*templates/**/*.html")
        if re.search(r"""date(:|\()["']c""", path.read_text())
    ] == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "见https://a.example/x。还有",
            '见<a href="https://a.example/x" rel="noopener">https://a.example/x</a>。还有',
        ),
        (
            "(http://a.example/y).",
            '(<a href="http://a.example/y" rel="noopener">http://a.example/y</a>).',
        ),
        ("a.example and x@b.example", "a.example and x@b.example"),
        (
            "<b hx-get=/x> & https:// & javascript:x",
            "&lt;b hx-get=/x&gt; &amp; https:// &amp; javascript:x",
        ),
        ("", ""),
    ],
)
def test_addresses_of_plain_text_become_links_and_nothing_else_does(
    text: str, html: str
) -> None:
    assert rendered("{{ linked(text) }}", text=text) == html


def test_no_template_takes_the_words_around_an_address_for_a_part_of_it() -> None:
    found = [
        path
        for path in Path(__file__).parents[2].glob("*templates/**/*.html")
        if "|urlize" in path.read_text()
    ]

    assert found == []


@given(
    st.lists(st.tuples(st.dates(), st.sampled_from(["j M", "l, j F", ""])), min_size=1)
)
def test_a_day_is_written_as_django_writes_it_in_any_order(
    asked: list[tuple[date, str]],
) -> None:
    for day, style in asked * 2:
        assert in_reader_zone(day, style) == by_django(day, style or None)


def test_a_day_is_written_in_the_language_of_its_page(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.USE_I18N = True
    day = date(2026, 5, 4)

    for language, words in (("en-gb", "4 May"), ("de", "4. Mai")):
        monkeypatch.setattr("look.around.get_language", lambda said=language: said)
        monkeypatch.setattr("look.times.formatted", lambda *_args, to=words: to)
        assert in_reader_zone(day, "j F") == words


def test_a_moment_is_written_in_the_zone_of_its_reader() -> None:
    moment = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)

    for zone, words in (("Asia/Tokyo", "5 May"), ("America/Lima", "4 May")):
        with timezone.override(ZoneInfo(zone)):
            assert in_reader_zone(moment, "j M") == words
