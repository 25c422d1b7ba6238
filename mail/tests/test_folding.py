"""No page, search hit, notification, daily mail or digest holds what is folded for its
reader, whatever the reader has done.
"""

from typing import NamedTuple

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from bookmarks.models import Bookmark
from community import actions as community
from community import threads
from community.models import Comment, Post
from community.tests.make import make_comment
from lists.cache import forget_all
from mail import actions, digest
from mail.messages import MessageBuilder
from mail.models import Delivery
from mail.tests.make import make_delivery
from mail.tests.test_bundles import DAY, HOUR, MONDAY, member
from members.models import Member
from members.tests.make import make_group, make_member
from notifications.models import Notification
from progress import actions as study
from progress.tests.make import activity, key, make_curriculum, rolled_back, step

pytestmark = pytest.mark.django_db
EXERCISE, CHAPTER = "Derive it", "Read it"
TRIED = {"started", "done", "wrote"}
DEEDS = ["nothing", "skipped", "asked", *sorted(TRIED)]
KINDS = ["answer", "mention", "reply", "watched"]


class Said(NamedTuple):
    """A post with an answer to it, and their words."""

    post: Post
    answer: Comment
    words: str
    answer_words: str
    is_of_exercise: bool


def say(number: int, *, of: str, has_title: bool) -> Said:
    words, answered = f"secretpost{number}", f"secretanswer{number}"
    post = community.write_post(
        make_member("Kofi"),
        kind="question" if has_title else "discussion",
        title=f"How far did you get, {number}?" if has_title else "",
        body=f"tofind{number} {words}",
        thread=threads.of("activity", key(of)),
        now=MONDAY - HOUR,
    )
    answer = make_comment(post, make_member("Mira"), f"tofind{number} {answered}")
    if has_title:
        Post.objects.filter(pk=post.pk).update(accepted_comment=answer)
    return Said(post, answer, words, answered, of == EXERCISE)


def do(reader: Member, deed: str, said: Said) -> None:
    if deed == "started":
        study.mark_started(reader, key(EXERCISE), now=MONDAY)
    elif deed == "done":
        study.mark_done(reader, key(EXERCISE), now=MONDAY)
    elif deed == "skipped":
        study.mark_skipped(reader, key(EXERCISE), now=MONDAY)
    elif deed == "asked":
        community.ask_to_see(said.post, by=reader, now=MONDAY)
    elif deed == "wrote":
        thread = threads.of("activity", key(EXERCISE))
        community.write_post(reader, body="My way", thread=thread, now=MONDAY)


def told_of(reader: Member, everything: list[Said]) -> None:
    for number, said in enumerate(everything):
        Notification.objects.create(
            member=reader,
            post=said.post,
            kind=KINDS[number % len(KINDS)],
            comment=said.answer,
            happened_at=MONDAY,
            to_mail=True,
        )
        for kind, pk in (("post", said.post.pk), ("comment", said.answer.pk)):
            Bookmark.objects.create(
                member=reader, kind=kind, key=str(pk), saved_at=MONDAY
            )


def pages_of(reader: Member, everything: list[Said]) -> dict[str, str]:
    client = Client()
    client.force_login(reader)
    addresses = ["/", f"/?activity={key(EXERCISE)}", "/saved/"]
    addresses.append(f"/progress/menu/way-up/start/{key(EXERCISE)}/")
    for said in everything:
        addresses += [
            f"/posts/{said.post.pk}/",
            f"/posts/{said.post.pk}/comment/?parent={said.answer.pk}&quote=post",
            f"/posts/{said.post.pk}/comment/?quote={said.answer.pk}",
            f"/posts/{said.post.pk}/quote/",
            f"/posts/comments/{said.answer.pk}/quote/",
            f"/posts/{said.post.pk}/history/",
            f"/posts/comments/{said.answer.pk}/history/",
        ]
    addresses += [f"/search/?q=tofind{number}" for number in range(len(everything))]
    addresses.append("/notifications/")
    return {each: client.get(each).content.decode() for each in addresses}


def mails_to(reader: Member) -> dict[str, str]:
    actions.write_bundles(MONDAY + HOUR)
    actions.write_bundles(MONDAY + 19 * HOUR)
    told = digest.compose([reader], MONDAY + HOUR)[reader.pk]
    make_delivery(reader, written_at=MONDAY, content=told.as_content())
    batch = list(
        Delivery.objects.filter(member=reader).select_related("member__mail_preference")
    )
    built = MessageBuilder(MONDAY + 19 * HOUR)(batch, MONDAY + 19 * HOUR)
    return {
        each.kind: built[each.pk].body + built[each.pk].alternatives[0][0]
        for each in batch
    }


def is_open(said: Said, deed: str, number: int) -> bool:
    """Who asks asks for the first post."""
    if not said.is_of_exercise or deed in TRIED:
        return True
    return deed == "asked" and number == 0


def setting() -> None:
    make_group()
    forget_all()
    make_curriculum(
        step("start", activity(EXERCISE, do="exercise"), activity(CHAPTER, do="read"))
    )


@settings(max_examples=8)
@given(
    deed=st.sampled_from(DEEDS),
    has_titles=st.lists(st.booleans(), min_size=1, max_size=2),
)
def test_nothing_that_a_reader_gets_holds_what_is_folded_for_them(
    deed: str, has_titles: list[bool]
) -> None:
    with rolled_back():
        setting()
        everything = [
            say(number, of=EXERCISE, has_title=has_title)
            for number, has_title in enumerate(has_titles)
        ]
        everything.append(say(len(everything), of=CHAPTER, has_title=True))
        reader = member("Ines")
        do(reader, deed, everything[0])
        told_of(reader, everything)

        # opening a post would mark as read what is to be mailed
        texts = mails_to(reader) | pages_of(reader, everything)

        for number, said in enumerate(everything):
            folded = not is_open(said, deed, number)
            thread = texts[f"/posts/{said.post.pk}/"]
            assert (said.words not in thread) is folded
            assert (said.answer_words not in thread) is folded
            assert (said.answer_words not in texts["/notifications/"]) is folded
            assert (said.answer_words not in texts["bundle"]) is folded
            assert (said.words not in texts[f"/search/?q=tofind{number}"]) is folded
            for name, text in texts.items():
                assert not (folded and said.words in text), name
                assert not (folded and said.answer_words in text), name


def test_a_digest_names_the_kind_of_a_post_without_a_title() -> None:
    setting()
    say(0, of=EXERCISE, has_title=False)
    reader = member("Ines")
    do(reader, "done", say(1, of=EXERCISE, has_title=False))

    mail = mails_to(reader)["digest"]

    assert "Discussion" in mail
    assert "secretpost" not in mail


def test_what_is_found_by_its_words_is_shown_without_them(client: Client) -> None:
    setting()
    said = say(0, of=EXERCISE, has_title=True)
    community.write_post(
        said.post.author,
        kind="question",
        title="How far did you get?",
        body="Half of the hidden zebra",
        thread=threads.of("activity", key(EXERCISE)),
        now=MONDAY + DAY,
    )
    reader = member("Ines")
    client.force_login(reader)

    found = client.get("/search/?q=zebra").content.decode()

    assert "How far did you get?" in found
    assert "Folded until you have tried" in found
    assert "of the hidden" not in found
