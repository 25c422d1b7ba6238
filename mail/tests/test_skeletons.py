"""A mail from a skeleton says what its template says, and no text
becomes HTML.
"""

from html import escape, unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mail import skeletons
from mail.skeletons import MARK, Fact, Inlined, Skeletons

POST = "mail/letters/_post.html"
PAPER = "mail/letters/_paper.html"


@pytest.fixture
def inlined():
    """How often something was inlined."""
    return []


@pytest.fixture
def made(inlined):
    def inline(html):
        inlined.append(html)
        return html

    return Skeletons(inline, escape)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@settings(deadline=None)  # the first example compiles the template
@given(texts, texts, texts)
@example("<script>", '"><b>', "'&amp;")
@example(MARK.format(0), MARK.format(2), MARK.format(99))
def test_every_text_stands_escaped_where_the_template_has_it(title, about, address):
    made = Skeletons(str, escape)

    html = made.fill(POST, {"title": title, "about": about, "address": address})

    link, _, rest = html.partition("</a>")
    tag = link[link.index("<a") :]
    assert tag.count("<") == 1
    assert unescape(tag.split('href="')[1].split('"')[0]) == address
    assert unescape(tag.rpartition(">")[2]) == title
    assert unescape(rest.split("<span")[1].split(">")[1].split("<")[0]) == about


def test_a_shape_is_rendered_once_whatever_its_words(made, inlined):
    for n in range(3):
        for why in ("", f"because {n}"):
            context = {"title": f"T{n}", "authors": "A", "why": why, "address": "/"}
            html = made.fill(PAPER, {**context, "number": str(n)})
            assert (f"because {n}" in html) is bool(why)

    assert len(inlined) == 2


def test_what_is_inlined_already_stays_and_facts_are_seen_by_the_template(made):
    def texts_of(**context):
        found = []
        shape = Skeletons(str, escape)._shape(context, found)
        return shape, found

    shape, found = texts_of(
        a="<b>", b=Inlined("<b>"), c=Fact("run"), d="", e=[{"f": "g"}]
    )

    assert found == ["&lt;b&gt;", "<b>", "g"]
    other, _found = texts_of(a="x", b=Inlined("y"), c=Fact("run"), d="", e=[{"f": "z"}])
    assert shape == other
    other, _found = texts_of(
        a="x", b=Inlined("y"), c=Fact("math"), d="", e=[{"f": "z"}]
    )
    assert shape != other
    assert made.inline("x") == "x"


def test_memory_stays_flat_however_many_shapes_there_are(made, inlined, monkeypatch):
    monkeypatch.setattr(skeletons, "MOST", 2)
    for number in "1234":
        context = {"title": "T", "authors": "A", "why": "", "address": "/"}
        made.fill(PAPER, {**context, "number": Fact(number)})

    assert len(inlined) == 4
    assert len(made._made) <= 2
