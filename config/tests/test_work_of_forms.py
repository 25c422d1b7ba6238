"""Reading a form costs no more than the length of what was sent: no budget and no limit
of a text is asked before a form has cleaned its fields.

What is counted is steps, not seconds: lines of Python, and the characters or items that
built-in methods walk over. Twice the text may cost twice as many.

Fields that render Markdown are left out: their pages take the length of what was sent
from a budget first, and text/tests/worst_texts.py holds what rendering costs.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest
from django import forms
from django.urls import get_resolver

from community import kinds
from community.forms import CommentForm, EditForm
from community.kinds.question import HINTS
from curriculum.forms.fields import MarkdownField
from text.limits import TEXT_MAX, TOO_LONG
from text.tests.piles import PILES

SHORT, TIMES = 1_500, 4  # characters, and how many times as many the longer text has
# What grows with the square costs sixteen times as much. Between the two is room for
# what is sorted, and for what changes once a text is long.
MOST = 8.0
# Built-in methods that walk over the text or the list that they belong to.
WALKING = {
    *("count", "find", "index", "insert", "join", "lower", "lstrip", "partition"),
    *("remove", "replace", "rfind", "rstrip", "split", "splitlines", "strip"),
}
HEADINGS = "".join(f"**{hint}**\n" for hint in HINTS)
# Each text is the first piece many times, then the second, then the third.
WORST = {
    "empty sections, and lines without words": (HEADINGS, "\n", "x"),
    "empty sections": (HEADINGS, HEADINGS, ""),
    "sections in turn with words": (HEADINGS + "x\n", HEADINGS + "\n\n", "x"),
    "empty lines": ("\n", "\n", "x"),
    "lines of spaces": (" \n", "\t\n", "x"),
    "lines": ("a\n", "b\n", "c"),
    "spaces": ("a ", " ", "a"),
    "open lists": ("[", "{", ""),
    "open quotes": ("'", '"', ""),
    "addresses": ("http://a.b/\n", "http://[\n", ""),
    "items": ("- a: b\n", "  c: d\n", ""),
    "anchors": ("- &a [*a, *a]\n", "- *a\n", ""),
    "dots": ("a.", "@", "b."),
    "digits": ("9", "-", "9"),
    **{name: pile for name, pile in PILES.items() if "grow" not in name},
}


def text_of(name: str, length: int) -> str:
    first, one, other = WORST[name]
    if name in PILES:
        return first + (one * length)[: length // 2] + (other * length)[: length // 2]
    half = length // 2
    return (first * half)[:half] + (one * half)[:half] + other


def steps(work: Callable[[], object]) -> int:
    """What `work` costs, whether or not it refuses the text."""
    taken = 0

    def traced(frame: FrameType, event: str, given: Any) -> Any:
        nonlocal taken
        taken += 1
        return traced

    def profiled(frame: FrameType, event: str, given: Any) -> None:
        nonlocal taken
        walked = getattr(given, "__self__", None)
        if event == "c_call" and given.__name__ in WALKING:
            taken += len(walked) if isinstance(walked, str | bytes | list) else 0

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(traced)
    sys.setprofile(profiled)
    try:
        with contextlib.suppress(forms.ValidationError):
            work()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return taken


def classes(below: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for each in below.__subclasses__():
        yield each
        yield from classes(each)


def text_fields() -> dict[str, forms.CharField]:
    """One field of each class of a form of ours that somebody types into."""
    assert get_resolver().url_patterns  # has loaded every page with its forms
    fields: dict[str, forms.CharField] = {}
    for form in classes(forms.BaseForm):
        for field in getattr(form, "base_fields", {}).values():
            if type(field) is MarkdownField:
                continue
            if isinstance(field, forms.CharField):
                name = f"{type(field).__module__}.{type(field).__qualname__}"
                fields.setdefault(name, field)
    return fields


def is_read_by_field(field: forms.CharField, text: str) -> object:
    widget = field.widget
    value = widget.value_from_datadict({"name": text}, {}, "name")  # type: ignore[arg-type]
    return field.clean(value)


def is_read_by(form: forms.Form) -> object:
    return form.is_valid()


def clean_by_kind(kind: str, body: str) -> object:
    return kinds.KINDS[kind].clean({"title": body, "body": body})


def works() -> dict[str, Callable[[str], object]]:
    """What is asked with a text, by a name."""
    return {
        **{
            name: lambda text, field=field: is_read_by_field(field, text)  # type: ignore[misc]
            for name, field in text_fields().items()
        },
        **{
            f"kind {kind}": lambda text, kind=kind: clean_by_kind(kind, text)  # type: ignore[misc]
            for kind in kinds.KINDS
        },
        "comment": lambda text: is_read_by(CommentForm({"body": text, "parent": text})),
        "edit": lambda text: is_read_by(
            EditForm(
                {"title": text, "body": text, "seen_edited_at": text},
                has_title=True,
                needs_title="",
            )
        ),
    }


@pytest.mark.parametrize("name", WORST)
def test_reading_a_form_costs_no_more_than_the_length_of_its_text(name: str) -> None:
    short, long = text_of(name, SHORT), text_of(name, SHORT * TIMES)

    grown = {}
    for asked, work in works().items():
        steps(lambda work=work: work("a\n"))  # type: ignore[misc]  # what is loaded once
        few = steps(lambda work=work: work(short))  # type: ignore[misc]
        many = steps(lambda work=work: work(long))  # type: ignore[misc]
        if many > 1_000 and many / few > MOST:
            grown[asked] = (few, many)

    assert grown == {}


def test_the_forms_of_every_app_are_asked() -> None:
    names = works()

    assert {"community.forms.WordsField", "curriculum.forms.fields.CreditField"} <= set(
        names
    )
    assert len(names) > 15


def test_a_text_that_is_too_long_is_refused_by_its_field() -> None:
    assert CommentForm({"body": "x" * TEXT_MAX}).is_valid()
    assert CommentForm({"body": "x" * (TEXT_MAX + 1)}).errors == {"body": [TOO_LONG]}
