"""Where a thing is shown, a button says whether the reader saved it."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookmarks import actions
from bookmarks.keys import Kind, ThingKey
from bookmarks.saved import _FEW, _MANY, _ONE, FEW, MOST, on_page
from bookmarks.tests.make import NOON, key_to, make_bookmark
from community.rows import IN_FEED
from community.tests.make import make_comment, make_paper, make_post
from curriculum.tests.make import make_release, make_resource
from lists.tests.compare import assert_same
from members.models import Member
from members.tests.make import make_member
from progress.actions import enroll

pytestmark = pytest.mark.django_db


def pressed(page: str) -> dict[str, bool]:
    """The buttons of a page by what they save."""
    found = re.findall(r'id="save-([^"]*)"[^>]*aria-pressed="(\w+)"', page)
    return {name: state == "true" for name, state in found}


def page_of(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_feed_and_post_show_what_is_saved(browser: Client, ines: Member) -> None:
    post, other = make_post(), make_post()
    comment, reply = make_comment(post), make_comment(post)
    make_comment(post, parent=comment)
    make_bookmark(ines, key_to(post))
    make_bookmark(ines, key_to(reply))
    make_bookmark(make_member("Wei"), key_to(other))

    feed = pressed(page_of(browser, "/"))
    thread = pressed(page_of(browser, post.get_absolute_url()))

    assert feed == {f"post-{post.pk}": True, f"post-{other.pk}": False}
    assert len(thread) == 4
    assert {name for name, state in thread.items() if state} == {
        f"post-{post.pk}",
        f"comment-{reply.pk}",
    }


def test_a_removed_or_done_bookmark_is_not_shown_as_saved(
    browser: Client, ines: Member
) -> None:
    first, second = make_post(), make_post()
    actions.remove(make_bookmark(ines, key_to(first)), now=NOON)
    actions.mark_done(make_bookmark(ines, key_to(second)), now=NOON)

    assert not any(pressed(page_of(browser, "/")).values())


def test_a_post_and_a_comment_of_one_id_are_not_mistaken(ines: Member) -> None:
    post = make_post()
    comment = make_comment(post)
    make_bookmark(ines, key_to(comment))

    saved = on_page(ines, posts=[comment.pk], comments=[comment.pk])

    assert (saved.post(comment.pk), saved.comment(comment.pk)) == (False, True)


def test_readers_share_the_card_of_a_post(client: Client, ines: Member) -> None:
    post = make_post()
    make_bookmark(ines, key_to(post))
    IN_FEED.forget()

    for member in (ines, make_member("Wei"), make_member("Kofi")):
        client.force_login(member)
        assert pressed(page_of(client, "/")) == {f"post-{post.pk}": member == ines}

    assert len(IN_FEED) == 1


def test_paper_resource_and_activity_have_the_button(
    browser: Client, ines: Member
) -> None:
    paper, resource = make_paper(), make_resource()
    release = make_release()
    enroll(ines, release.curriculum, now=NOON)
    step = release.outline.steps[0]
    activity = step.activities[0]
    menu = f"/progress/menu/{release.curriculum.slug}/{step.slug}/{activity.key}/"
    pages = {
        f"paper-{paper.arxiv_id}": f"/papers/{paper.arxiv_id}/",
        f"resource-{resource.pk}": f"/learn/resources/{resource.slug}/",
        f"activity-{activity.key}": menu,
    }
    before = {name: pressed(page_of(browser, path)) for name, path in pages.items()}

    for key in (
        ThingKey(Kind.PAPER, paper.arxiv_id),
        ThingKey(Kind.RESOURCE, str(resource.pk)),
        ThingKey(Kind.ACTIVITY, str(activity.key)),
    ):
        make_bookmark(ines, key)

    after = {name: pressed(page_of(browser, path)) for name, path in pages.items()}
    assert before == {name: {name: False} for name in pages}
    assert after == {name: {name: True} for name in pages}


def test_the_posts_about_a_paper_have_the_button(browser: Client, ines: Member) -> None:
    paper = make_paper()
    post = make_post(paper=paper)
    make_bookmark(ines, key_to(post))

    page = pressed(page_of(browser, f"/papers/{paper.arxiv_id}/"))

    assert page == {f"paper-{paper.arxiv_id}": False, f"post-{post.pk}": True}


def test_many_things_take_one_query(
    ines: Member, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        on_page(ines, posts=[1], comments=range(2, 110))
    with django_assert_num_queries(0):
        on_page(ines)


def test_the_statements_are_their_querysets(ines: Member) -> None:
    make_bookmark(ines, key_to(make_post()))

    assert_same(_FEW, member=ines, keys=[str(n) for n in range(FEW)])
    assert_same(_MANY, member=ines, keys=[str(n) for n in range(MOST)])
    assert_same(_ONE, member=ines, kind="post", key="1")
