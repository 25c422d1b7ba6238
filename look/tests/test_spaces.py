"""What of a template's white space is sent."""

import jinja2
import pytest

from look.spaces import Spaces


def rendered(
    source: str, name: str = "page.html", frame: str = "", **values: object
) -> str:
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({name: source, "frame.html": frame}),
        extensions=["jinja2.ext.i18n", Spaces],
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_null_translations()  # type: ignore[attr-defined]
    return environment.get_template(name).render(values)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<ul>\n  <li>\n    a\n  </li>\n</ul>\n", "<ul><li>a</li></ul>"),
        ("<p>\n  a\n  <b>b</b>\n  c\n</p>", "<p>a <b>b</b> c</p>"),
        ("<p>a\n  b</p>", "<p>a b</p>"),
        ("<b>a</b> <i>b</i>", "<b>a</b> <i>b</i>"),
        ("<b>a</b><i>b</i>", "<b>a</b><i>b</i>"),
        ("a\n<a>\n  <b>b</b>\n</a>\nc", "a <a><b>b</b></a> c"),
        ("<button>\n  a\n</button>\nb", "<button>a</button> b"),
        ("<p>a\N{NO-BREAK SPACE}\n</p>", "<p>a\N{NO-BREAK SPACE}</p>"),
        ("a < b\n<p>", "a < b<p>"),
    ],
)
def test_white_space_is_one_space_beside_text_and_nothing_beside_a_block(
    source: str, html: str
) -> None:
    assert rendered(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ('<div\n  id="a"\n  class="b  c"\n>\n', '<div id="a" class="b  c">'),
        ("<input\n  name='a'\n/>", "<input name='a'/>"),
        ('<a\n  {% if yes %}rel="x"{% endif %}\n>', '<a rel="x">'),
        ('<a\n  {% if no %}rel="x"{% endif %}\n>', "<a>"),
        (
            "<a\n  {% if yes %}b{% endif %}\n  {% if yes %}c{% endif %}\n  d\n>",
            "<a b c d>",
        ),
        ('<a{% if yes %} rel="x"{% endif %}>', '<a rel="x">'),
        ('<a class="b{% if yes %} c{% endif %}">', '<a class="b c">'),
        ('<a\n  title="{{ words }}"\n  {{ words }}\n>', '<a title="&lt;x y" &lt;x y>'),
        ("<a\n  {% if yes %}b{% endif %}\n  {{ words }}\n>", "<a b &lt;x y>"),
    ],
)
def test_inside_a_tag_white_space_is_one_space_and_none_before_its_end(
    source: str, html: str
) -> None:
    assert rendered(source, yes=True, no=False, words="<x y") == html


@pytest.mark.parametrize("element", ["pre", "textarea", "style", "script"])
def test_the_content_of_some_elements_is_sent_as_it_is(element: str) -> None:
    text = f"<{element} \n class='a'>\n  a\n   <b> \n</{element}>"

    assert rendered(text) == text.replace(" \n class", " class")


def test_between_a_value_and_text_one_space_stays() -> None:
    source = (
        "<p>\n  {{ words }}\n  {% if yes %}\n    {{ words }}\n  {% endif %}\n  c\n</p>"
    )

    assert rendered(source, words="a", yes=True) == "<p>a a c</p>"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<p>\n  MESSAGE\n  <b>b</b>\n</p>", "<p>a. <b>b</b></p>"),
        ("<p>\n  MESSAGE\n  MESSAGE\n</p>", "<p>a. a.</p>"),
        ("<p>\n  MESSAGE\n  {% if yes %}\n    b\n  {% endif %}\n</p>", "<p>a. b </p>"),
        (
            "<p>\n  {% if yes %}\n    MESSAGE\n  {% endif %}\n  MESSAGE\n</p>",
            "<p>a. a.</p>",
        ),
        ("<p>\n  MESSAGE\n  {%- if yes -%}\n    b\n  {%- endif %}\n</p>", "<p>a.b</p>"),
        ("{% set x %}\n  MESSAGE\n{% endset %}\n<b>{{ x }}</b>", "<b>a.</b>"),
    ],
)
def test_between_a_message_and_what_follows_one_space_stays(
    source: str, html: str
) -> None:
    message = "{% trans %}\n    a.\n  {% endtrans %}"

    assert rendered(source.replace("MESSAGE", message), yes=True) == html


def test_a_macro_begins_without_white_space() -> None:
    source = (
        "{% macro b() %}\n  <b>b</b>\n{%- endmacro %}\na{{ b() }}c{% block x %}\n"
        "  <i>d</i>\n{%- endblock %}\n"
    )

    assert rendered(source) == "a<b>b</b>c<i>d</i>"


def test_what_a_page_adds_to_a_tag_of_its_frame_keeps_its_space() -> None:
    frame = '<p id="a"{% block more %}{% endblock %}>{% block b %}{% endblock %}</p>'
    source = (
        '{% extends "frame.html" %}{% block more %} class="b"{% endblock %}'
        "{% block b %}\n  c{% endblock %}"
    )

    assert rendered(source, frame=frame) == '<p id="a" class="b">c</p>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a\n<b>\n  b\n</b>\nc", "a <b>b</b> c"),
        (
            "<button>\n  {{ words }}\n  <i>b</i>\n</button>",
            "<button>a <i>b</i></button>",
        ),
        ("<b>\n  {% if yes %}\n    b\n  {% endif %}\n</b>", "<b>b </b>"),
        ("<b> b </b>", "<b> b </b>"),
        ("<input>\nb", "<input> b"),
    ],
)
def test_line_breaks_just_inside_an_element_are_not_sent(
    source: str, html: str
) -> None:
    assert rendered(source, words="a", yes=True) == html


@pytest.mark.parametrize("yes", [True, False])
def test_a_space_after_branches_stays_if_one_of_them_needs_it(yes: bool) -> None:
    one = "<p>{% if yes %}a{% else %}b {% endif %} c</p>"
    none = "<p>a{% if yes %} b {% endif %} c</p>"
    loop = "<p>a{% for n in numbers %} b {% endfor %} c</p>"

    assert " ".join(rendered(one, yes=yes).split()) == f"<p>{'a' if yes else 'b'} c</p>"
    words = "<p>a b c</p>" if yes else "<p>a c</p>"
    assert " ".join(rendered(none, yes=yes).split()) == words
    assert " ".join(rendered(loop, numbers="n" * yes).split()) == words


def test_texts_keep_their_lines() -> None:
    assert rendered("a\n\n  b <p>\n", "mail.txt") == "a\n\n  b <p>"
