"""The messages: headers, both parts, the reasons why one does not go out,
and the page of a digest.
"""

import re
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from community.actions import accept_answer, remove_post
from community.tests.make import make_comment, make_post, make_question
from lists.cache import forget_all
from mail import actions, snippets, tokens
from mail.digest import Digest
from mail.messages import MessageBuilder
from mail.models import Delivery, Preference, preference_of
from mail.sending import PutOff, Withdrawn
from mail.snippets import PaperSnippet, PostSnippet
from mail.tests.make import make_delivery
from members.tests.make import make_group, make_member
from papers.tests.make import make_paper
from progress import actions as study
from progress.tests.make import activity, key, make_curriculum, make_enrollment, step

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 17, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NEXT = {
    "title": "Derive it",
    "minutes": 40,
    "aspect": "math",
    "step_number": 2,
    "step_title": "Deep dive",
    "path": "/learn/way-up/deep-dive/",
}


@pytest.fixture(autouse=True)
def group():
    forget_all()
    return make_group()


@pytest.fixture
def ines():
    curriculum = make_curriculum(
        step(
            "encounter",
            activity("Run it", "run", 90),
            activity("Change it", "hack", 30),
        ),
        step("normalisation", activity("Derive layer normalisation", "math", 40)),
    )
    member = make_member(
        name="Ines Duarte",
        time_zone="Europe/Berlin",
        joined_at=LONG_AGO,
        onboarded_at=LONG_AGO,
        hours_per_week=2,
    )
    make_enrollment(member, curriculum, LONG_AGO)
    return member


def written(member, now=SUNDAY):
    actions.write_due_digests(now)
    return Delivery.objects.select_related("member__mail_preference").get(
        member=member, kind="digest"
    )


def built(delivery, now=SUNDAY):
    return MessageBuilder(now)([delivery], now)[delivery.pk]


def parsed(delivery, now=SUNDAY):
    return message_from_bytes(
        built(delivery, now).message().as_bytes(linesep="\r\n"), policy=policy.default
    )


def text_of(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(delivery, now=SUNDAY):
    return built(delivery, now).alternatives[0][0]


def test_the_headers_let_mail_programs_thread_sort_and_stop_it(ines, settings):
    settings.MAIL_DOMAIN, settings.UNSUBSCRIBE_MAILBOX = (
        "mail.example.org",
        "stop@example.org",
    )
    settings.DEFAULT_FROM_EMAIL = "Minibatch <minibatch@example.org>"
    first = written(ines)
    stop = tokens.unsubscribe_token(ines, "digest")

    mail = parsed(first)

    assert mail["Subject"] == "Your week at Tuesday Gradients, no. 1"
    assert mail["From"] == "Tuesday Gradients <minibatch@example.org>"
    assert mail["To"] == ines.email
    assert mail["List-Unsubscribe"].strip() == (
        f"<http://testserver/mail/unsubscribe/{stop}/>, <mailto:stop@example.org?subject={stop}>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<digest.mail.example.org>"
    assert (mail["Auto-Submitted"], mail["Precedence"]) == ("auto-generated", "bulk")
    assert re.fullmatch(
        rf"<digest\.2026-W47\.{first.pk}\.[0-9a-f]{{12}}@mail\.example\.org>",
        mail["Message-ID"],
    )
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == [
        "text/plain",
        "text/html",
    ]


def test_the_message_id_stays_and_the_digests_of_one_member_are_one_thread(ines):
    first = written(ines)
    second = make_delivery(
        ines, written_at=SUNDAY, key="2026-W48", content=first.content
    )
    other = make_delivery(
        make_member(name="Kim"), written_at=SUNDAY, content=first.content
    )

    mails = [parsed(d) for d in (first, first, second, other)]

    assert mails[0]["Message-ID"] == mails[1]["Message-ID"] != mails[2]["Message-ID"]
    assert mails[0]["References"] == mails[2]["References"] != mails[3]["References"]


def test_the_link_in_the_header_stops_the_digest_with_one_post_without_cookies(ines):
    address = re.search(
        "<http://testserver([^>]+)>", parsed(written(ines))["List-Unsubscribe"]
    )[1]

    response = Client(enforce_csrf_checks=True).post(
        address, {"List-Unsubscribe": "One-Click"}
    )

    assert response.status_code == 200
    assert Preference.objects.get(member=ines).digest_stopped_at is not None
    assert actions.write_due_digests(SUNDAY + timedelta(weeks=1)) == 0


def filled(ines):
    """A digest with something in every part."""
    study.mark_done(ines, key("Run it"), now=SUNDAY - timedelta(days=1))
    study.mark_done(ines, key("Change it"), now=SUNDAY - timedelta(days=1))
    study.log_minutes(
        ines, aspect="math", minutes=70, now=SUNDAY, studied_on=date(2026, 11, 21)
    )
    lars = make_member(name="Lars <b>Holm")
    question = make_question(
        lars,
        title="What is an <i>epoch</i>, if $x<y$?",
        posted_at=SUNDAY - timedelta(days=2),
        step_key=key("encounter"),
    )
    make_question(lars, title="Fresh", posted_at=SUNDAY - timedelta(minutes=5))
    answered = make_question(
        lars, title="Answered one", posted_at=SUNDAY - timedelta(days=1)
    )
    accept_answer(make_comment(answered), by=lars, now=SUNDAY)
    long = make_post(lars, body="word " * 60, posted_at=SUNDAY - timedelta(days=1))
    make_paper(
        title="Layer   normalisation of $\\ell_2$ & more",
        abstract="Layer normalisation.",
        authors=("A. One", "B. Two", "C. Three", "D. Four"),
        announced_on=date(2026, 11, 20),
    )
    for number in range(20):
        make_paper(
            title=f"Sheep {number}",
            abstract="Sheep graze.",
            announced_on=date(2026, 11, 20),
        )
    return question, answered, long


def test_the_text_part_is_written_to_be_read(ines):
    filled(ines)

    text = text_of(parsed(written(ines)))

    head, _, rest = text.partition("-- \n")
    assert head.startswith(
        "A good week, Ines. Run is well behind the others.\n\n"
        "YOUR WEEK, 16 to 22 November\n"
        "  1 h 10 of 2 h\n"
    )
    assert "\n  Math      1 h 10  [" in head
    assert "\n  On 1 day, 2 activities done.\n" in head
    assert (
        "\nNEXT IN STEP 2, ABOUT 40 MIN\n  Derive layer normalisation\n  http://testserver/learn/"
        in head
    )
    assert (
        "\n  * What is an <i>epoch</i>, if x < y?\n"
        "    Lars <b>Holm, step 1: Encounter, waiting for 2 days\n" in head
    )
    assert "\n  * Fresh\n    Lars <b>Holm, waiting for 1 hour\n" in head
    assert "\n  * Answered one\n    Lars <b>Holm, answer accepted, 1 comment\n" in head
    assert (
        "\n  1. Layer normalisation of ℓ₂ & more\n     A. One and others\n     because step 2 is "
        in head
    )
    assert "Out of 21 this week." in head
    assert "http://testserver/mail/unsubscribe/" in rest
    assert all(len(line) <= 72 or "http" in line for line in text.splitlines())
    assert "\n\n\n" not in head


def test_the_html_part_says_the_same_safely_with_its_styles_in_place(ines):
    filled(ines)

    html = html_of(written(ines))

    assert "What is an &lt;i&gt;epoch&lt;/i&gt;, if x &lt; y?" in html
    assert "Lars &lt;b&gt;Holm" in html
    assert 'class="item-title"' in html
    assert 'style="' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "<!--[if mso]>" in html
    assert not re.search("<!--(questions|posts|papers)-->", html)
    assert not re.search("<(img|script|link|iframe|form)", html)
    # else the whole part is sent as quoted-printable
    assert max(len(line) for line in html.splitlines()) < 998
    assert len(html.encode()) < 100_000


def test_a_digest_of_a_member_without_a_curriculum_says_where_to_begin():
    mail = parsed(
        written(
            make_member(
                name="",
                email="kim@example.org",
                time_zone="Europe/Berlin",
                joined_at=LONG_AGO,
                onboarded_at=LONG_AGO,
            )
        )
    )

    assert "WHERE TO BEGIN" in text_of(mail)
    assert "Choose a curriculum" in mail.get_body(("html",)).get_content()


def test_a_digest_of_a_member_who_is_through_says_so(ines):
    for title in ("Run it", "Change it", "Derive layer normalisation"):
        study.mark_done(ines, key(title), now=SUNDAY - timedelta(days=1))

    mail = parsed(written(ines))

    assert "You have completed Way-up." in " ".join(text_of(mail).split())
    assert "You have completed it." in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("minutes", "heading"),
    [
        (0, "A quiet week, Ines."),
        (10, "A beginning, Ines."),
        (60, "A good week, Ines."),
        (120, "You did what you"),
    ],
)
def test_the_heading_says_what_the_numbers_bear_out(ines, minutes, heading):
    if minutes:
        study.log_minutes(
            ines,
            aspect="run",
            minutes=minutes,
            now=SUNDAY,
            studied_on=date(2026, 11, 21),
        )

    assert built(written(ines)).body.startswith(heading)


def test_what_was_removed_after_it_was_written_is_not_in_the_mail(ines):
    question, answered, long = filled(ines)
    delivery = written(ines)
    for post in (question, answered, long):
        remove_post(post, by=post.author, now=SUNDAY)

    mail = built(delivery)

    assert "epoch" not in mail.body
    assert "epoch" not in mail.alternatives[0][0]
    assert "WHAT THE GROUP TALKED ABOUT" not in mail.body


def test_many_digests_take_the_queries_of_one(ines, django_assert_num_queries):
    filled(ines)
    for number in range(3):
        make_member(
            name=f"Member {number}",
            time_zone="Europe/Berlin",
            joined_at=LONG_AGO,
            onboarded_at=LONG_AGO,
        )
    actions.write_due_digests(SUNDAY)
    rows = Delivery.objects.select_related("member__mail_preference").order_by("pk")
    letterer = MessageBuilder(SUNDAY)
    assert rows.count() == 4

    for batch in (list(rows[:1]), list(rows)):
        letterer.snippets = snippets.Snippets(SUNDAY)
        forget_all()
        with django_assert_num_queries(3):  # posts, papers, places of steps
            letterer(batch, SUNDAY)


def test_memory_stays_flat_however_many_fragments_a_run_makes(ines, monkeypatch):
    monkeypatch.setattr(snippets, "KEPT", 3)
    held = snippets.Snippets(SUNDAY)
    for number in range(5):
        held.post(PostSnippet(f"Title {number}", "about", "/p"))
        held.paper(PaperSnippet(f"Paper {number}", "authors", "/p"), "", 1)

    held.load([])

    assert len(held.fragments) == 0


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ((), ""),
        (("A. One",), "A. One"),
        (("A. One", "B. Two"), "A. One and B. Two"),
        (("A. One", "B. Two", "C. Three"), "A. One, B. Two and C. Three"),
        (("A. One", "B. Two", "C. Three", "D. Four"), "A. One and others"),
    ],
)
def test_authors_are_named_up_to_three(ines, names, shown):
    paper = make_paper(authors=names)
    held = snippets.Snippets(SUNDAY)

    held.load(
        [
            (
                ines,
                Digest.from_content(
                    {**written(ines).content, "papers": [{"id": paper.pk, "words": ""}]}
                ),
            )
        ],
    )

    assert held.papers[paper.pk].authors == shown


def test_a_line_is_rendered_once_however_many_mails_hold_it():
    held = snippets.Snippets(SUNDAY)
    post, paper = (
        PostSnippet("Title", "about", "/p"),
        PaperSnippet("Paper", "authors", "/p"),
    )

    assert held.post(post) is held.post(post)
    assert held.paper(paper, "because", 1) is held.paper(paper, "because", 1)
    assert held.paper(paper, "because", 2) is not held.paper(paper, "because", 1)


# Reasons not to send


def reminder(ines, now=SUNDAY, **fields):
    content = {"since": "2026-11-10", "next": NEXT}
    made = make_delivery(
        ines,
        written_at=now,
        kind="inactivity",
        key="2026-11-10",
        content=content,
        **fields,
    )
    return Delivery.objects.select_related("member__mail_preference").get(pk=made.pk)


def test_a_reminder_quotes_the_goal_and_names_what_comes_next(ines):
    ines.goal_words = "Understand why\ntransformers learn."
    ines.save()

    mail = parsed(reminder(ines))

    text = text_of(mail)
    assert mail["Subject"] == "You stopped at “Derive it”"
    assert "Tuesday, 10 November" in text
    assert "  > Understand why transformers learn." in text
    assert (
        "Next in step 2, about 40 min\n  Derive it\n  http://testserver/learn/way-up/deep-dive/"
        in text
    )
    assert "/mail/unsubscribe/" in mail["List-Unsubscribe"]
    assert ".reminders." in mail["List-Unsubscribe"]
    assert (
        "Understand why transformers learn." in mail.get_body(("html",)).get_content()
    )


@pytest.mark.parametrize(
    ("goal", "shown"), [("research", "Do research"), ("", "What you came for")]
)
def test_a_reminder_without_words_takes_the_goal_that_was_chosen(ines, goal, shown):
    ines.goal = goal
    ines.save()

    assert (shown in built(reminder(ines)).body) is bool(goal)


def test_a_next_activity_without_minutes_does_not_speak_of_time(ines):
    delivery = reminder(ines)
    delivery.content["next"]["minutes"] = 0

    assert "Next in step 2\n" in built(delivery).body


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            {"digest_stopped_at": SUNDAY, "reminders_stopped_at": SUNDAY},
            "stopped this mail",
        ),
        ({"paused_until": date(2026, 11, 23)}, "paused"),
    ],
)
@pytest.mark.parametrize("kind", ["digest", "reminder"])
def test_a_mail_that_was_stopped_after_it_was_written_is_withdrawn(
    ines, kind, change, why
):
    delivery = written(ines) if kind == "digest" else reminder(ines)
    Preference.objects.update_or_create(member=ines, defaults=change)
    delivery = Delivery.objects.select_related("member__mail_preference").get(
        pk=delivery.pk
    )

    withdrawn = built(delivery)

    assert isinstance(withdrawn, Withdrawn)
    assert why in withdrawn.why


def test_a_mail_to_a_member_who_left_or_that_is_out_of_date_is_withdrawn(ines):
    delivery = written(ines)

    late = SUNDAY + timedelta(days=4, seconds=1)
    assert isinstance(built(delivery, late), PutOff)
    delivery.doubted_at = late - timedelta(days=1)
    assert isinstance(built(delivery, late), Withdrawn)
    assert not isinstance(built(delivery, SUNDAY + timedelta(days=4)), Withdrawn)
    delivery.member.is_active = False
    assert isinstance(built(delivery), Withdrawn)


def test_a_reminder_is_withdrawn_when_the_member_is_back_before_it_is_sent(ines):
    delivery = reminder(ines, SUNDAY - timedelta(hours=2))
    assert not isinstance(built(delivery), Withdrawn)

    make_post(ines, posted_at=SUNDAY - timedelta(hours=1))

    assert built(delivery) == Withdrawn("The member came back before it was sent.")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        # six in the morning in Berlin
        (datetime(2026, 11, 22, 5, tzinfo=UTC), datetime(2026, 11, 22, 7, tzinfo=UTC)),
        # nine in the evening
        (datetime(2026, 11, 22, 20, tzinfo=UTC), datetime(2026, 11, 23, 7, tzinfo=UTC)),
    ],
)
def test_a_reminder_that_comes_into_the_night_is_put_off_until_eight(ines, now, until):
    assert built(reminder(ines, now), now) == PutOff(until)


def test_a_reminder_is_put_off_to_another_day_than_any_other_mail(ines):
    delivery, tomorrow = reminder(ines), datetime(2026, 11, 23, 7, tzinfo=UTC)
    other = make_delivery(
        ines, written_at=SUNDAY - timedelta(days=1), sent_at=SUNDAY - timedelta(days=1)
    )
    assert not isinstance(built(delivery), PutOff)

    for fields in ({"sent_at": SUNDAY - timedelta(hours=16)}, {"sent_at": None}):
        Delivery.objects.filter(pk=other.pk).update(**fields)
        assert built(delivery) == PutOff(tomorrow)


def test_content_that_cannot_be_read_spoils_its_own_mail_only(ines):
    good = written(ines)
    bad = make_delivery(make_member(name="Kim"), written_at=SUNDAY, content={"odd": 1})
    worse = make_delivery(
        make_member(name="Lea"), written_at=SUNDAY, kind="inactivity", content={}
    )
    odd = reminder(make_member(name="Mai"))
    odd.content["next"]["minutes"] = "many"

    found = MessageBuilder(SUNDAY)([good, bad, worse, odd], SUNDAY)

    assert not isinstance(found[good.pk], Exception)
    assert [type(found[d.pk]) for d in (bad, worse, odd)] == [
        KeyError,
        KeyError,
        ValueError,
    ]
    with pytest.raises(KeyError):
        MessageBuilder(SUNDAY).build(bad)


# Pages


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_digest_shows_what_the_mail_says_in_five_queries(
    client, ines, count, django_assert_num_queries
):
    filled(ines)
    for number in range(count - 1):
        make_question(title=f"More {number}", posted_at=SUNDAY - timedelta(days=1))
    delivery = written(ines)
    client.force_login(ines)
    with time_machine.travel(SUNDAY, tick=False):
        client.get(reverse("mail:digest", args=[delivery.pk]))

        # session with member and enrolment, delivery, group, posts, papers
        with django_assert_num_queries(5):
            page = client.get(
                reverse("mail:digest", args=[delivery.pk])
            ).content.decode()

    assert "What is an &lt;i&gt;epoch&lt;/i&gt;" in page
    assert "because step 2 is about" in page
    assert "Digest no. 1, 16 to 22 November" in page


def test_the_page_of_a_digest_is_its_members_alone(client, ines):
    delivery = written(ines)
    address = reverse("mail:digest", args=[delivery.pk])

    assert client.get(address).status_code == 302
    client.force_login(make_member(name="Olga", owner_since=LONG_AGO))
    assert client.get(address).status_code == 404
    client.force_login(ines)
    assert (
        client.get(reverse("mail:digest", args=[reminder(ines).pk])).status_code == 404
    )


def test_a_member_without_preferences_has_the_defaults(ines):
    assert preference_of(ines).digest_hour == 18
