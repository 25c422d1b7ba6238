"""How the templates are written: one element a line, and types
that are there.
"""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from django.template import engines
from django.urls import get_resolver

from look.spaces import BLOCKS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "templates"
PAGES = sorted(FOLDER.rglob("*.html"))
MAILS = sorted(FOLDER.rglob("*.txt"))
ADMIN = sorted((ROOT / "django_templates").rglob("*.html"))
LONGEST = 120

# Blocks that may share the line of what they hold.
THIN = {"path", "use", "g", "rect"}
OPENING = re.compile(r"<([a-z][a-z0-9]*)")
WHOLE_TAG = re.compile(r"""</?[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>""")
VALUE = re.compile(r"\{\{.*?\}\}")
STATEMENT = re.compile(r"\{%[-+]?\s*(\w+).*?%\}")
ATTRIBUTE = re.compile(
    r"\s*(\{% (if|elif) [^%]*%\}|\{% else %\})?[\w-]*=?(\"[^\"]*\")?"
)
WITHIN_A_LINE = {"block", "endblock", "trans", "pluralize", "endtrans"}


def faults(source: str) -> Iterator[str]:
    for number, text in enumerate(source.splitlines(), 1):
        if len(text) > LONGEST:
            yield f"{number}: is longer than {LONGEST} characters"
        markup = VALUE.sub("", text)
        blocks = [
            name
            for name in OPENING.findall(STATEMENT.sub("", markup))
            if name in BLOCKS - THIN
        ]
        if len(blocks) > 1:
            yield f"{number}: has two elements, {' and '.join(blocks)}"
        if has_crowded_statement(markup):
            yield f"{number}: a statement has no line of its own"


def has_crowded_statement(markup: str) -> bool:
    """Whether something stands beside `if`, `for`, `include` and the like.

    Inside a tag, around one attribute, it may.
    """
    without_tags = WHOLE_TAG.sub("§", re.sub(r"\{#.*?#\}", "", markup)).strip()
    statements = [
        name for name in STATEMENT.findall(without_tags) if name not in WITHIN_A_LINE
    ]
    if not statements or re.fullmatch(r"\{%((?!%\}).)*%\}", without_tags):
        return False
    is_attribute = re.fullmatch(
        r"\{% if .*? %\}[\w-]+(=\"[^\"]*\")?"
        r"(\{% (else|elif .*?) %\}[\w-]+(=\"[^\"]*\")?)*\{% endif %\}",
        without_tags,
    )
    is_open_tag = re.match(r"<[a-z][^>]*$", without_tags) or re.search(
        r"[\w-]+=\"", without_tags
    )
    return not (is_attribute or is_open_tag)


def test_templates_hold_one_element_a_line() -> None:
    found = {
        str(path.relative_to(FOLDER)): wrong
        for path in PAGES
        if (wrong := list(faults(path.read_text())))
    }

    assert found == {}


@pytest.mark.parametrize("paths", [MAILS, ADMIN], ids=["mails", "admin"])
def test_templates_of_mails_and_the_admin_have_no_long_lines(paths: list[Path]) -> None:
    lines = [line for path in paths for line in path.read_text().splitlines()]

    assert lines
    assert [line for line in lines if len(line) > LONGEST] == []


@pytest.mark.parametrize(
    "source",
    [
        "x" * 121,
        "<div><p>a</p></div>",
        "<ul>{% for a in b %}",
        "{% if a %}<p>b</p>{% endif %}",
        '{% for a in b %}{% include "c.html" %}{% endfor %}',
    ],
)
def test_the_reader_of_templates_would_have_noticed(source: str) -> None:
    assert list(faults(source))


@pytest.mark.parametrize(
    "source",
    [
        '<p>a <a href="{{ url("home") }}">b</a> <b>c</b></p>',
        '<li><a href="/"{% if a %} aria-current="page"{% endif %}>{{ icon("b") }}</a></li>',
        '  {% if a %}aria-current="page"{% endif %}',
        "{% block title %}a{% endblock %}",
        "<p>{% trans n=2 %}a {{ n }}{% endtrans %}</p>",
        "{%- else %}",
    ],
)
def test_the_reader_of_templates_lets_good_lines_pass(source: str) -> None:
    assert list(faults(source)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_every_template_compiles(path: Path) -> None:
    engines["jinja2"].get_template(str(path.relative_to(FOLDER)))


def inline_style_or_script(source: str) -> re.Match[str] | None:
    """Values for the page's own scripts may stand in it as JSON."""
    return re.search(
        r"\sstyle=|<script(?![^>]*\s(src=|type=\"application/json\"))|\son[a-z]+=[\"']",
        source,
    )


def test_templates_hold_no_style_and_no_script() -> None:
    found = [path for path in PAGES if inline_style_or_script(path.read_text())]

    assert found == []
    assert inline_style_or_script("<script>alert(1)</script>")
    assert inline_style_or_script('<p style="color: red">')
    assert inline_style_or_script('<p onclick="a()">')


NEEDS = re.compile(r"\{#.*?needs:(.*?)#\}", re.DOTALL)
DOTTED = re.compile(r"\b(?:[a-z_0-9]+\.)+[A-Za-z_]\w*")
BARE = re.compile(r"(?<![.\w])[A-Z][a-z]+\w*[A-Z]?\w*(?=[\];,\s|]|$)")


def named_types(source: str) -> list[str]:
    return [name for needs in NEEDS.findall(source) for name in DOTTED.findall(needs)]


def bare_types(source: str) -> list[str]:
    """Types that are named without their module."""
    return [
        name
        for needs in NEEDS.findall(source)
        for name in BARE.findall(DOTTED.sub("", needs))
        if name != "None"
    ]


def is_there(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        return hasattr(import_module(module), attribute)
    except ModuleNotFoundError:
        return False


def test_every_type_that_a_partial_needs_is_there() -> None:
    missing = {
        str(path.relative_to(FOLDER)): wrong
        for path in PAGES
        if (
            wrong := [
                name for name in named_types(path.read_text()) if not is_there(name)
            ]
            + bare_types(path.read_text())
        )
    }

    assert missing == {}
    assert named_types(
        "{# A row. needs: row: progress.checklist.ChecklistRow; n: int #}"
    ) == ["progress.checklist.ChecklistRow"]
    assert bare_types("{# needs: rows: list[Row]; n: int #}") == ["Row"]
    assert not is_there("progress.checklist.NoSuchType")


def test_the_words_of_templates_can_be_taken_out_for_translators() -> None:
    with (ROOT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    only_jinja = [pair for pair in methods if pair[1] != "python"]

    words = {
        message
        for _file, _number, message, _comments, _context in extract_from_dir(
            FOLDER,
            [
                (pattern.removeprefix("templates/"), name)
                for pattern, name in only_jinja
            ],
            {key.removeprefix("templates/"): value for key, value in options.items()},
        )
    }

    assert "Skip to content" in words
    assert (
        "A form can hold at most %(megabytes)s MB. Nothing was saved. Go back in your"
        " browser: what you typed is still in the form."
    ) in words


def views_of(app: str, patterns: Iterable[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views_of(app, pattern.url_patterns)
        elif pattern.callback.__module__.startswith(app):
            yield getattr(pattern.callback, "view_class", None)


# A page that members never see: they are led on before it is shown.
NEVER_SHOWN = {"account/email_confirm.html"}


def test_every_page_of_allauth_is_written_by_us() -> None:
    names = {
        getattr(view, "template_name", None)
        for view in views_of("allauth", get_resolver().url_patterns)
    }
    pages = {name for name in names if name and name.endswith(".html")} - NEVER_SHOWN

    assert len(pages) > 20
    assert {name for name in pages if not (FOLDER / name).exists()} == set()
