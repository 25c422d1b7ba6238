"""Drafts are kept by a script, offered, listed, gone on with and deleted."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from community import actions
from community.models import Comment, Draft, Post
from community.tests.make import make_comment, make_paper, make_post, make_question
from members.budget import DRAFTED, spend
from members.models import Member
from members.tests.make import make_member

pytestmark = pytest.mark.django_db
KEEP = "/posts/drafts/keep/"


def keep(client: Client, path: str = "/posts/new/", **fields: str) -> Draft:
    """Save a form as the script does; the newest draft."""
    given = {"draft": str(uuid4()), "draft_version": str(uuid4()), "draft_for": path}
    answer = client.post(KEEP, {**given, **fields})
    assert answer.status_code == 200, answer.content
    assert answer.content.decode().startswith("Draft saved, ")
    return Draft.objects.latest("pk")


def test_a_kept_form_has_all_its_fields_and_no_secrets(
    client: Client, member: Member
) -> None:
    draft = keep(
        client,
        title="Why?",
        body="Half\r\nof it",
        csrfmiddlewaretoken="x",
        password="y",
    )

    assert draft.fields == {"title": ["Why?"], "body": ["Half\nof it"]}
    assert draft.address == "/posts/new/"


@pytest.mark.parametrize(
    "path",
    ["", "/", "/nowhere/", "/posts/drafts/keep/", "/posts/" + "9" * 40 + "/edit/"],
)
def test_other_forms_are_not_kept(client: Client, member: Member, path: str) -> None:
    answer = client.post(KEEP, {"draft_for": path, "body": "Half"})

    assert answer.status_code == 400
    assert "not kept" in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_text_beyond_the_budget_is_not_cleaned(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clean(text: str) -> str:
        cleaned.append(len(text))
        return text

    cleaned: list[int] = []
    monkeypatch.setattr("community.actions.drafts.clean_text", clean)
    monkeypatch.setattr("community.views.drafts.clean_text", clean)
    spend(member, DRAFTED, DRAFTED.amount - 100_000, now=timezone.now())

    for given in ({"body": "x" * 120_000}, {"body": "x", "paper": "y" * 120_000}):
        answer = client.post(KEEP, {"draft_for": "/posts/new/", **given})
        assert answer.status_code == 429

    assert max(cleaned, default=0) <= 201
    assert not Draft.objects.exists()


def test_junk_in_the_fields_of_drafts_is_no_error(
    client: Client, member: Member
) -> None:
    junk = {"draft": "x\x00", "draft_versions": "y " * 900, "draft_spare": "\x00"}
    client.post(KEEP, {"draft_for": "/posts/new/", "body": "Half", **junk})
    client.post("/posts/new/", {"body": "Whole", **junk})

    assert Draft.objects.count() == 1
    assert Post.objects.count() == 1


def test_too_long_a_text_says_so(client: Client, member: Member) -> None:
    answer = client.post(KEEP, {"draft_for": "/posts/new/", "body": "x" * 200_000})

    assert (answer.status_code, answer.content) == (
        400,
        b"This text is too long to be kept as a draft.",
    )


def test_nothing_is_kept_after_the_session_ended(client: Client) -> None:
    client.logout()
    answer = client.post(KEEP, {"draft_for": "/posts/new/", "body": "Half"})

    assert (answer.status_code, answer.content) == (401, b"You are signed out.")


def test_an_emptied_form_deletes_its_draft(client: Client, member: Member) -> None:
    draft = keep(client, body="Half")
    given = {"draft": str(draft.key), "draft_versions": str(draft.version)}
    answer = client.post(KEEP, {"draft_for": draft.path, "draft_empty": "1", **given})

    assert answer.content == b""
    assert not Draft.objects.of(member).exists()


def test_a_draft_changed_elsewhere_answers_with_both(
    client: Client, member: Member
) -> None:
    draft = keep(client, title="Why?", body="Written there")
    spare = uuid4()
    stale = {"draft": str(draft.key), "draft_versions": str(uuid4())}
    answer = client.post(
        KEEP,
        {"draft_for": draft.path, "body": "Here", "draft_spare": str(spare), **stale},
    )

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Both versions are kept. The other one has 2 words." in page
    both = f"/posts/drafts/{spare}/?beside={draft.key}"
    assert both in page
    beside = client.get(both).content.decode()
    assert "Two versions of a draft" in beside
    assert ">Here</pre>" in beside
    assert ">Written there</pre>" in beside


def test_a_draft_sent_elsewhere_answers_with_a_sentence(
    client: Client, member: Member
) -> None:
    draft = keep(client, body="Half")
    actions.delete_draft(member, draft.key, now=draft.saved_at)
    answer = client.post(
        KEEP,
        {
            "draft_for": draft.path,
            "body": "More",
            "draft": str(draft.key),
            "draft_versions": str(draft.version),
        },
    )

    assert answer.status_code == 409
    assert "sent or deleted on another machine" in answer.content.decode()


@pytest.mark.parametrize("limit", [400, 429])
def test_a_refusal_is_a_sentence(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(actions.drafts, "DRAFTS_MAX", 0 if limit == 400 else 9)
    fields = {"draft_for": "/posts/new/", "body": "x" * 140_000}
    answers = [client.post(KEEP, fields) for _ in range(1 if limit == 400 else 45)]

    assert answers[-1].status_code == limit
    assert answers[-1]["Content-Type"].startswith("text/plain")


# Going on


def test_a_new_post_goes_on_with_its_draft(client: Client, member: Member) -> None:
    draft = keep(client, kind="question", title="Why?", body="Half of it")

    page = client.get("/posts/new/").content.decode()
    assert "You were writing here" in page
    url = f"/posts/new/?draft={draft.key}"
    assert url in page
    page = client.get(url).content.decode()
    assert 'value="Why?"' in page
    assert "Half of it</textarea>" in page
    assert 'value="question"\n' in page or 'value="question" checked' in page
    assert f'name="draft" value="{draft.key}"' in page
    assert f'name="draft_versions" value="{draft.version}"' in page
    assert "You were writing here" not in page


def test_an_unfinished_draft_shows_no_errors(client: Client, member: Member) -> None:
    draft = keep(client, kind="question", title="", body="No title yet")

    page = client.get(f"/posts/new/?draft={draft.key}").content.decode()

    assert 'role="alert"' not in page
    assert not Post.objects.exists()


def test_a_sent_post_ends_its_draft(client: Client, member: Member) -> None:
    draft = keep(client, body="Half")
    client.post(
        "/posts/new/",
        {
            "body": "Whole",
            "draft": str(draft.key),
            "draft_versions": f"{draft.version} {uuid4()}",
        },
    )

    assert Post.objects.get().body == "Whole"
    assert not Draft.objects.of(member).exists()


def test_a_refused_form_goes_on_with_its_draft(client: Client, member: Member) -> None:
    draft = keep(client, kind="question", body="Half")
    page = client.post(
        "/posts/new/",
        {
            "kind": "question",
            "body": "Half",
            "draft": str(draft.key),
            "draft_versions": str(draft.version),
        },
    ).content.decode()

    assert 'role="alert"' in page
    assert f'name="draft" value="{draft.key}"' in page
    assert Draft.objects.of(member).count() == 1


def test_a_draft_about_a_paper_is_offered_there_alone(
    client: Client, member: Member
) -> None:
    paper = make_paper()
    draft = keep(client, body="On this paper", paper=paper.arxiv_id)

    assert draft.address == f"/posts/new/?paper={paper.arxiv_id}"
    offer = "/posts/drafts/offer/?for=/posts/new/"
    assert client.get(offer).content == b""
    found = client.get(f"{offer}%3Fpaper%3D{paper.arxiv_id}").content.decode()
    url = f"/posts/new/?paper={paper.arxiv_id}&amp;draft={draft.key}"
    assert url in found
    page = client.get(url.replace("&amp;", "&")).content.decode()
    assert "On this paper</textarea>" in page
    assert f'name="paper" value="{paper.arxiv_id}"' in page


def test_a_comment_goes_on_with_its_draft_in_the_thread(
    client: Client, member: Member
) -> None:
    post = make_question()
    draft = keep(client, f"/posts/{post.pk}/comment/", body="Then it is")

    page = client.get("/posts/drafts/").content.decode()
    url = f"/posts/{post.pk}/?draft={draft.key}"
    assert f"{url}#comment-form" in page
    assert "Why 2.303?" in page
    page = client.get(url).content.decode()
    assert "Then it is</textarea>" in page
    client.post(
        f"/posts/{post.pk}/comment/",
        {
            "body": "Then it is ln 10.",
            "draft": str(draft.key),
            "draft_versions": str(draft.version),
        },
    )
    assert Comment.objects.get().body == "Then it is ln 10."
    assert not Draft.objects.of(member).exists()


def test_the_page_of_a_post_offers_the_draft_of_a_comment(
    client: Client, member: Member
) -> None:
    post, other = make_question(), make_post(title="Another")
    draft = keep(client, f"/posts/{post.pk}/comment/", body="Then it is")
    keep(client, f"/posts/{post.pk}1/comment/", body="Elsewhere")

    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert f'data-draft-offered="{draft.key}"' in page
    assert "“Then it is”" in page
    assert (
        "data-draft-offered" not in client.get(f"/posts/{other.pk}/").content.decode()
    )
    going_on = client.get(f"/posts/{post.pk}/?draft={draft.key}").content.decode()
    assert "data-draft-offered" not in going_on
    client.post(f"/posts/drafts/{draft.key}/delete/")
    assert "data-draft-offered" not in client.get(f"/posts/{post.pk}/").content.decode()


def test_a_reply_goes_on_below_its_comment(client: Client, member: Member) -> None:
    comment = make_comment(make_question(), body="It is ln 10.")
    path = f"/posts/{comment.post_id}/comment/"
    draft = keep(client, path, body="Why", parent=str(comment.pk))

    assert draft.address == f"{path}?parent={comment.pk}"
    assert "You were writing here" not in client.get(path).content.decode()
    reply = client.get(f"{path}?parent={comment.pk}").content.decode()
    assert "You were writing here" in reply
    page = client.get(
        f"/posts/{comment.post_id}/?parent={comment.pk}&draft={draft.key}"
    ).content.decode()
    assert "Reply to Kofi Mensah" in page
    assert "Why</textarea>" in page


def test_an_edit_goes_on_from_the_version_that_was_opened(
    client: Client, member: Member
) -> None:
    post = make_post(member, "First", title="A thought")
    path = f"/posts/{post.pk}/edit/"
    draft = keep(client, path, title="A thought", body="Second", seen_edited_at="")

    assert "You were writing here" in client.get(path).content.decode()
    page = client.get(f"{path}?draft={draft.key}").content.decode()
    assert "Second</textarea>" in page
    client.post(
        path,
        {
            "title": "A thought",
            "body": "Second",
            "draft": str(draft.key),
            "draft_versions": str(draft.version),
        },
    )
    assert not Draft.objects.of(member).exists()


def test_a_draft_that_is_gone_says_so(client: Client, member: Member) -> None:
    page = client.get(f"/posts/new/?draft={uuid4()}").content.decode()

    assert "This draft is no longer there" in page


def test_a_draft_of_another_form_is_not_taken(client: Client, member: Member) -> None:
    post = make_post()
    draft = keep(client, f"/posts/{post.pk}/comment/", body="A comment")

    page = client.get(f"/posts/new/?draft={draft.key}").content.decode()
    assert "A comment</textarea>" not in page


# Without a script


def test_a_form_is_kept_by_its_button(client: Client, member: Member) -> None:
    answer = client.post(
        "/posts/new/", {"title": "Why?", "body": "Half", "keep": "1"}, follow=True
    )

    page = answer.content.decode()
    assert "Your draft is kept." in page
    assert "Why?" in page
    draft = Draft.objects.get()
    client.post(
        "/posts/new/",
        {
            "body": "More",
            "keep": "1",
            "draft": str(draft.key),
            "draft_versions": str(draft.version),
        },
    )
    draft.refresh_from_db()
    assert draft.fields["body"] == ["More"]


def test_an_empty_form_is_not_kept(client: Client, member: Member) -> None:
    answer = client.post("/posts/new/", {"body": "  ", "keep": "1"})

    assert "Write something first." in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_draft_that_cannot_be_kept_stays_in_the_form(
    client: Client, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.drafts, "DRAFTS_MAX", 0)
    page = client.post("/posts/new/", {"body": "Half", "keep": "1"}).content.decode()

    assert "You have 0 drafts." in page
    assert "Half</textarea>" in page


# The list


def test_the_list_is_empty_at_first(client: Client, member: Member) -> None:
    assert "No drafts" in client.get("/posts/drafts/").content.decode()


def test_words_are_counted_where_there_are_some(client: Client, member: Member) -> None:
    keep(client, title="Half a thought")
    assert "words</span>" not in client.get("/posts/drafts/").content.decode()

    keep(client, title="Half a thought", body="And a half.")
    assert "3 words</span>" in client.get("/posts/drafts/").content.decode()


def test_a_deleted_draft_is_no_longer_listed(client: Client, member: Member) -> None:
    draft = keep(client, title="Half a thought")
    answer = client.post(f"/posts/drafts/{draft.key}/delete/", follow=True)

    page = answer.content.decode()
    assert "The draft was deleted." in page
    assert "Half a thought" not in page
    assert client.get(f"/posts/drafts/{draft.key}/").status_code == 404


def test_the_other_version_is_deleted_in_place(client: Client, member: Member) -> None:
    draft = keep(client, title="Half a thought")
    answer = client.post(
        f"/posts/drafts/{draft.key}/delete/", headers={"HX-Request": "true"}
    )

    assert "The other version was deleted." in answer.content.decode()


def test_the_words_of_a_draft_stay_when_its_post_is_removed(
    client: Client, member: Member
) -> None:
    comment = make_comment(make_question(member), member)
    post = comment.post
    for path in (f"/posts/{post.pk}/comment/", f"/posts/comments/{comment.pk}/edit/"):
        keep(client, path, body="Still mine")
    actions.remove_post(post, by=member, now=post.posted_at)

    page = client.get("/posts/drafts/").content.decode()
    assert page.count("what it belongs to is gone") == 2
    for draft in Draft.objects.all():
        page = client.get(f"/posts/drafts/{draft.key}/").content.decode()
        assert ">Still mine</pre>" in page
        assert "You can copy your text." in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_many_queries_for_one_draft_as_for_three(
    client: Client, member: Member, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        comment = make_comment(make_question(member), member)
        keep(client, "/posts/new/", body="A")
        keep(client, f"/posts/{comment.post_id}/comment/", body="B")
        keep(client, f"/posts/{comment.post_id}/edit/", body="C")
        keep(client, f"/posts/comments/{comment.pk}/edit/", body="D")
    client.get("/posts/drafts/")

    # session and member, drafts, posts, comments
    with django_assert_num_queries(4):  # type: ignore[operator]
        client.get("/posts/drafts/")


def test_a_key_of_another_member_is_not_found(client: Client, member: Member) -> None:
    draft = keep(client, body="Mine")
    client.force_login(make_member())

    assert client.get(f"/posts/drafts/{draft.key}/").status_code == 404
    assert isinstance(draft.key, UUID)
    page = client.get(f"/posts/new/?draft={draft.key}").content.decode()
    assert "Mine</textarea>" not in page
