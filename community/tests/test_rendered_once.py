"""What a save costs: one pass of the pipeline, and none when the group
would refuse the text.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from community import actions
from community.actions.posts import POSTS_AN_HOUR
from community.actions.words import SHORT_HTML_MAX
from community.tests.make import NOON, make_comment, make_post
from members.tests.make import make_member
from text.markdown import PARSER

pytestmark = pytest.mark.django_db

LONG = (
    "# A title\n\nA *first* paragraph[^1].\n\n" + "word " * 400 + "\n\n[^1]: A note.\n"
)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the pipeline read."""
    read: list[str] = []
    parse = PARSER.parse

    def counted(text: str, env: object = None) -> object:
        read.append(text)
        return parse(text, env)  # type: ignore[arg-type]

    monkeypatch.setattr(PARSER, "parse", counted)
    return read


SAVES: dict[str, Callable[[], object]] = {
    "a post": lambda: actions.write_post(make_member(), body=LONG, now=NOON),
    "a comment": lambda: actions.write_comment(
        make_post(), author=make_member("B"), body=LONG, now=NOON
    ),
    "an edited post": lambda: _edit_post(),
    "an edited comment": lambda: _edit_comment(),
}


def _edit_post() -> object:
    post = make_post()
    return actions.edit_post(
        post, by=post.author, title="", body=LONG, seen_edited_at=None, now=NOON
    )


def _edit_comment() -> object:
    comment = make_comment(make_post())
    return actions.edit_comment(
        comment, by=comment.author, body=LONG, seen_edited_at=None, now=NOON
    )


@pytest.mark.parametrize("save", SAVES)
def test_a_long_text_is_rendered_once_for_all_its_forms(
    passes: list[str], save: str
) -> None:
    SAVES[save]()

    assert passes.count(LONG) == 1
    assert not [text for text in passes if text != LONG and text in LONG]


def test_the_forms_of_a_long_text() -> None:
    words = actions.render(LONG)

    assert words.body_html.startswith(
        "<h3>A title</h3>\n<p>A <em>first</em> paragraph<sup"
    )
    assert (
        words.beginning_html == "<h3>A title</h3>\n<p>A <em>first</em> paragraph.</p>\n"
    )
    assert words.excerpt.startswith("A title A first paragraph. word word")


def test_a_text_that_begins_with_a_long_block_shows_its_first_words() -> None:
    words = actions.render("word " * 400)

    assert words.beginning_html == f"<p>{words.excerpt}</p>"


@pytest.mark.parametrize(
    "block",
    ["```\n{}```", "$$\n{}$$", "<details><summary>a</summary>\n\n{}\n\n</details>"],
)
def test_a_beginning_cuts_no_block(block: str) -> None:
    words = actions.render("First.\n\n" + block.format("x\n" * 20))

    assert words.beginning_html == "<p>First.</p>\n"


@pytest.mark.parametrize(
    "body",
    [
        "[a]: http://x.y/" + "a" * 300 + "\n\n" + "[a] " * 40,
        "Some words.\n\n[a]: http://x.y/"
        + "a" * 200
        + "\n\n"
        + "[a] " * 90
        + "word " * 200,
        "|a|\n|-|\n" * 13,
        "$a$ " * 200,
        "|" + " |" * 99 + "\n|" + "-|" * 99 + "\n" + "|\n" * 20,
        "- [ ] a\n" * 5_000,
    ],
)
def test_lists_show_little_of_a_text_that_is_long_in_html(body: str) -> None:
    words = actions.render(body)

    assert len(words.beginning_html or words.body_html) <= SHORT_HTML_MAX
    assert "<" in (words.beginning_html or words.body_html)


def test_whoever_wrote_too_much_costs_no_rendering(passes: list[str]) -> None:
    member = make_member()
    for number in range(POSTS_AN_HOUR):
        actions.write_post(
            member, body=f"Post {number}", now=NOON + timedelta(minutes=number)
        )
    passes.clear()

    with pytest.raises(actions.PostLimitReached):
        actions.write_post(member, body=LONG, now=NOON + timedelta(minutes=30))

    assert passes == []


def test_the_same_words_a_moment_later_cost_no_rendering(passes: list[str]) -> None:
    member = make_member()
    first = actions.write_post(member, body=LONG, now=NOON)
    passes.clear()

    assert (
        actions.write_post(member, body=LONG, now=NOON + timedelta(seconds=5)) == first
    )
    assert passes == []


def test_words_of_another_cost_no_rendering(passes: list[str]) -> None:
    post = make_post()
    passes.clear()

    with pytest.raises(actions.NotAllowed):
        actions.edit_post(
            post,
            by=make_member("B"),
            title="",
            body=LONG,
            seen_edited_at=None,
            now=NOON,
        )

    assert passes == []
