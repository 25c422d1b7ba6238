"""Addresses that people stored become links through one filter,
`web_address`, and nowhere without it.
"""

import re
from pathlib import Path

import pytest
from django.template import engines

from look.addresses import host_of, web_address

ROOT = Path(__file__).parents[2]


def outward(address: str, words: str = "") -> str:
    source = "{{ outward(address, words) }}"
    values = {"address": address, "words": words}
    return engines["jinja2"].from_string(source).render(values).strip()


# Expressions that give an address of this site, made by our own code and
# never stored.
OUR_OWN = re.compile(
    r"^(url|static)\("
    r"|(get_absolute_url(\(\))?|\|web_address)$"
    # made by views
    r"|^(SITE_URL|site|address|url|page|edit|read_at|older|next|back|here|[a-z]+(_[a-z]+)*_url)$"
    r"|^(row|offered)\.url$"  # made by drafts
    r"|^all_activities$"  # made by a form
    r"|^(hit\.url|form\.(exact|next)_url)$"  # made by search
    r"|^row\.url$"  # made by notifications
    r"|^thing\.url$"  # made by bookmarks.things
    # made in mail.messages and by allauth
    r"|^(links|other)\.(next|page|pause|preferences|unsubscribe|url)$"
    r"|^(line\.url|each\.(path|url)|item\.url|thread\.url|(row\.)?paper\.url|(step|subject)\.url"
    r"|request\.get_full_path(\(\))?|digest\.next\.path|attrs\.(href|action))$"
)
LINK = re.compile(
    r"""\b(?:href|src|action|formaction|cite|poster|data)\s*=\s*["']?\s*\{\{\s*([^}]+?)\s*\}\}"""
)
# Modules whose patterns hold an address, all of them made by `reverse` or
# checked there.
PATTERNS = {
    "curriculum/admin/curricula.py",
    "mail/admin.py",
    "text/inline.py",
}


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=c&d=%20#e",
        "http://ex-ample.org:8000",
        "HTTPS://пример.рф/страница",
    ],
)
def test_web_addresses_are_let_through(address: str) -> None:
    assert web_address(address) == address
    assert outward(address, "A <book>").startswith("<a href=")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://example.org",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "https://example.org/\n",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/",
        "/admin/",
        "https:/example.org",
        "https:",
        "https://[::1",
        "",
    ],
)
def test_other_addresses_are_shown_as_text(address: str) -> None:
    assert web_address(address) == ""
    assert "href" not in outward(address, "A <book>")
    assert outward(address, "A <book>") == "A &lt;book&gt;"


def test_a_link_without_words_shows_its_address() -> None:
    assert outward("https://example.org/?a&b") == (
        '<a href="https://example.org/?a&amp;b" rel="noopener">https://example.org/?a&amp;b</a>'
    )


def stray_addresses(markup: str) -> list[str]:
    return [found for found in LINK.findall(markup) if not OUR_OWN.search(found)]


def test_no_template_links_to_a_stored_address_without_the_filter() -> None:
    found = {
        str(path.relative_to(ROOT)): stray
        for path in sorted(ROOT.glob("*templates/**/*.html"))
        if (stray := stray_addresses(path.read_text()))
    }

    assert found == {}


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="{{ resource.url }}">',
        "<img src={{ a.b|lower }}>",
        "href='{{ x.url }}'",
    ],
)
def test_the_reader_of_templates_would_have_noticed(markup: str) -> None:
    assert stray_addresses(markup)


def test_no_other_python_builds_links() -> None:
    link = re.compile(r"""\b(?:href|src|action|formaction)=\\?["']\{""")
    found = {
        str(path.relative_to(ROOT))
        for app in (
            "config",
            "members",
            "curriculum",
            "papers",
            "progress",
            "community",
            "mail",
            "lists",
            "text",
        )
        for path in (ROOT / app).rglob("*.py")
        if "tests" not in path.parts and link.search(path.read_text())
    }

    assert found <= PATTERNS


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.d2l.ai/chapter", "d2l.ai"),
        ("http://EXAMPLE.org:8000/", "example.org"),
        ("https://пример.рф/", "пример.рф"),
        ("https://www.example.org@evil.example/", "evil.example"),
        ("javascript://example.org/%0aalert(1)", ""),
        ("/admin/", ""),
    ],
)
def test_where_an_address_leads_is_said_by_its_host(address: str, host: str) -> None:
    assert host_of(address) == host
