"""The Jinja2 environment: escaping, words, missing names, and components
that give what the tags of Django's templates give.
"""

import re
from collections import ChainMap
from datetime import timedelta
from typing import Any

import jinja2
import pytest
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.template import Context, engines
from django.template import Template as DjangoTemplate
from django.test import RequestFactory, override_settings
from django.utils import timezone
from django.utils.safestring import SafeData

from look.environment import environment
from members.models import Member

HOSTILE = "<b hx-get=/x> & 'q' \"r\""


def rendered(source: str, **context: object) -> str:
    return engines["jinja2"].from_string(source).render(context)


def by_django(source: str, **context: object) -> str:
    return DjangoTemplate(source).render(Context(context))


def loading(**sources: str) -> jinja2.Environment:
    """An environment with these templates beside the components."""
    own = jinja2.DictLoader(
        {name.replace("_", "."): text for name, text in sources.items()}
    )
    both = jinja2.ChoiceLoader([own, engines["jinja2"].env.loader])
    return environment(loader=both)


def test_a_text_of_a_member_is_escaped() -> None:
    escaped = "&lt;b hx-get=/x&gt; &amp; &#39;q&#39; &#34;r&#34;"

    assert rendered("{{ text }}", text=HOSTILE) == escaped
    assert rendered('{{ _("by %(n)s", n=text) }}', text=HOSTILE) == f"by {escaped}"
    assert rendered("{% trans text %}by {{ text }}{% endtrans %}", text=HOSTILE) == (
        f"by {escaped}"
    )


def test_sanitised_html_is_shown_as_it_is() -> None:
    html = "<p>a &amp; b</p>"

    assert rendered("{{ html|sanitised }}", html=html) == html


def test_what_a_template_gives_is_text_for_another() -> None:
    page = rendered("<b>{{ text }}</b>", text="a")

    assert not isinstance(page, SafeData)
    assert type(page) is str
    assert rendered("{{ page }}", page=page) == "&lt;b&gt;a&lt;/b&gt;"


def test_a_text_template_escapes_nothing_and_the_page_that_shows_it_does() -> None:
    made = loading(mail_txt="{{ text }}", page_html="{{ text }}")

    assert made.get_template("mail.txt").render(text=HOSTILE) == HOSTILE
    assert "<b" not in made.get_template("page.html").render(text=HOSTILE)


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{% if missing %}{% endif %}", "{{ member.missing }}"]
)
def test_a_missing_name_is_an_error(source: str) -> None:
    with pytest.raises(jinja2.UndefinedError):
        rendered(source, member=Member(name="Ines"))


def test_a_method_that_is_not_called_is_an_error_in_tests() -> None:
    member = Member(name="Ines")

    with pytest.raises(AssertionError, match="get_deferred_fields"):
        rendered("{% if member.get_deferred_fields %}a{% endif %}", member=member)
    assert rendered("{{ member.get_deferred_fields() }}", member=member) == "set()"


def test_what_a_view_gives_goes_before_what_a_processor_gives() -> None:
    request = RequestFactory().get("/")
    given = {"theme": "mine"}

    page = engines["jinja2"].from_string("{{ theme }}").render(given, request)

    assert page == "mine"
    assert given == {"theme": "mine"}


@override_settings(USE_I18N=True)
def test_words_are_looked_up_with_several_languages() -> None:
    source = (
        '{{ _("100%% sure") }} {% trans n=2 %}one{% pluralize n %}{{ n }}{% endtrans %}'
    )

    assert rendered(source) == "100% sure 2"


@override_settings(USE_I18N=False)
def test_with_one_language_words_are_put_in_when_a_template_is_compiled() -> None:
    made = loading(
        a_html='<b>{{ _("100%% of <b>it</b>") }}</b>', a_txt='{{ _("a<b") }}'
    )
    source = made.loader.get_source(made, "a.html")[0]  # type: ignore[union-attr]

    assert made.get_template("a.html").render() == "<b>100% of <b>it</b></b>"
    assert made.get_template("a.txt").render() == "a<b"
    assert "gettext" not in str(made.compile(source, raw=True))


MEMBER = Member(pk=8, name='<script>"x"')
MOMENT = timezone.now() - timedelta(days=3, minutes=2)


@pytest.mark.parametrize(
    ("source", "of_django", "values"),
    [
        ('{{ t|date("j F Y, H:i") }}', '{{ t|date:"j F Y, H:i" }}', {"t": MOMENT}),
        ('{{ t|date("j F") }}', '{{ t|date:"j F" }}', {"t": None}),
        ("{{ t|linebreaks }}", "{{ t|linebreaks }}", {"t": "a <b>\n\nc\nd"}),
    ],
)
def test_a_filter_gives_what_the_one_of_django_gives(
    source: str, of_django: str, values: dict[str, Any]
) -> None:
    assert rendered(source, **values) == by_django(of_django, **values)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("{{ bdi(member.name) }}", "<bdi>&lt;script&gt;&#34;x&#34;</bdi>"),
        (
            '{{ outward("https://a.b/?a&b", "A<b") }}',
            '<a href="https://a.b/?a&amp;b" rel="noopener">A&lt;b</a>',
        ),
        ('{{ outward("javascript:alert(1)//<b>") }}', "javascript:alert(1)//&lt;b&gt;"),
        ('{{ "https://www.d2l.ai/x"|host_of }}', "d2l.ai"),
        ('{{ "$M^3$ <b>"|plain_title }}', "M³ &lt;b&gt;"),
        ('{{ "pt-br"|language_in_words }}', "Brazilian Portuguese"),
    ],
)
def test_words_come_out_of_components_escaped(source: str, html: str) -> None:
    assert rendered(source, member=MEMBER).strip() == html


class Form(forms.Form):
    name = forms.CharField(help_text="As <others> see it")
    word = forms.CharField(help_text=password_validators_help_text_html())
    about = forms.CharField(widget=forms.Textarea)
    email = forms.EmailField()
    agree = forms.BooleanField()
    goal = forms.ChoiceField(choices=[("a", "A<b")], widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        choices=[("0", "Mon")], widget=forms.CheckboxSelectMultiple
    )
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("Not <this> way.")


@pytest.mark.parametrize("data", [None, {"days": ["9"], "about": "</textarea>"}])
def test_what_is_typed_is_escaped_and_rules_of_passwords_are_a_list(
    data: dict[str, Any] | None,
) -> None:
    page = rendered(
        "{% for bound in form %}{{ field(bound) }}{% endfor %}", form=Form(data)
    )

    assert "As &lt;others&gt; see it" in page
    assert "A&lt;b" in page
    assert page.count("</textarea>") == 1
    assert 'name="hidden"' in page
    # a paragraph cannot hold a list
    assert re.search(r'<div class="hint" id="id_word_helptext">\s*<ul><li>', page)


def test_the_globals_of_an_included_template_are_not_put_together_again() -> None:
    made = loading(page_html='{% include "part.html" %}', part_html="{{ late }}")
    made.globals["late"] = "later than the template was loaded"

    assert made.get_template("page.html").render() == made.globals["late"]
    part = made.get_template("part.html")
    assert not isinstance(part.globals, ChainMap)
    with pytest.raises(AttributeError):  # they are those of all templates
        made.get_template("part.html", globals={"late": "its own"})
