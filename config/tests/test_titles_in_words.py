"""Titles with TeX where no formula can be set: tab titles, labels,
messages and mails, on every page.
"""

import re
from datetime import timedelta

import pytest
from django.contrib import messages
from django.test import Client
from django.utils import timezone

from community.tests.make import make_comment, make_post
from mail.snippets import _paper_snippet, _post_snippet
from members.tests.make import make_group, make_member
from papers import actions
from papers.models import Paper
from papers.tests.make import make_paper
from text import render_inline

pytestmark = pytest.mark.django_db

TITLE = r"{DARTS}: $\text{R}^2\text{ec}$ and M$^3$Meet with {\em good} \sigma_t^2"
WORDS = "DARTS: R²ec and M³Meet with good σₜ²"
TEX = re.compile(r"\\[A-Za-z]|\{D|\$\\|\$\^")
# Where a browser or a screen reader takes words as text.
TEXTS = re.compile(
    r'<title>.*?</title>|aria-label="[^"]*"|<meta [^>]*content="[^"]*"|(?<= )(?:title|alt)="[^"]*"'
    r"|<button.*?</button>|<span class=\"visually-hidden\">.*?</span>|<h1.*?</h1>"
    r"|<nav class=\"crumbs.*?</nav>",
    re.DOTALL,
)
FORMULA = re.compile(r"<math.*?</math>", re.DOTALL)


def shown_with_tex(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, address
    texts = TEXTS.findall(response.content.decode())
    assert texts
    return [text for text in texts if TEX.search(FORMULA.sub("", text))]


def test_no_page_shows_tex_where_text_is_meant(client: Client) -> None:
    make_group()
    member = make_member(moderator_since=timezone.now())
    client.force_login(member)
    paper = make_paper(title=TITLE)
    Paper.objects.update(title_html=render_inline(TITLE))
    paper.refresh_from_db()
    actions.keep_paper(paper, member=member, now=timezone.now())
    post = make_post(member, title=TITLE, paper=paper)
    comment = make_comment(post, member)
    day = f"/papers/{paper.announced_on:%Y-%m-%d}/"
    addresses = [
        "/",
        post.get_absolute_url(),
        paper.get_absolute_url(),
        "/papers/list/",
        "/papers/",
        day,
    ]
    addresses += [
        f"/posts/{post.pk}/history/",
        f"/posts/{post.pk}/comment/",
        f"/comments/{comment.pk}/history/",
    ]

    known = [address for address in addresses if client.get(address).status_code == 200]

    assert len(known) >= 5, known
    assert {
        address: shown
        for address in known
        if (shown := shown_with_tex(client, address))
    } == {}
    assert f"<title>{WORDS}" in client.get(paper.get_absolute_url()).content.decode()
    assert f"<title>{WORDS}" in client.get(post.get_absolute_url()).content.decode()


def test_what_is_said_of_a_hidden_paper_has_no_tex(client: Client) -> None:
    make_group()
    client.force_login(make_member())
    paper = make_paper(title=TITLE)

    in_place = client.post(
        f"{paper.get_absolute_url()}hide/",
        {"hide": "1"},
        headers={"HX-Request": "true"},
    )
    on_a_page = client.post(f"{paper.get_absolute_url()}hide/", {"hide": "1"})

    assert f"Hidden: {WORDS}" in in_place.content.decode()
    assert [str(said) for said in messages.get_messages(on_a_page.wsgi_request)] == [
        f"“{WORDS}” is hidden from your headlines."
    ]


def test_no_mail_line_has_tex() -> None:
    paper = make_paper(title=TITLE)
    titled = make_post(title=TITLE)
    untitled = make_post(
        make_member("B"), body=r"Why is $\sigma'(z)\le \frac14$ for all *z*?"
    )

    assert _paper_snippet(paper).title == WORDS
    assert _post_snippet(titled, timezone.now() + timedelta(days=1)).title == WORDS
    assert (
        _post_snippet(untitled, timezone.now()).title == "Why is σ′(z) ≤ ¼ for all z?"
    )


def test_rows_of_the_admin_have_no_tex() -> None:
    post = make_post(title=TITLE)

    assert str(post) == str(make_paper(title=TITLE)) == WORDS
