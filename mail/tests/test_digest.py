"""What the digest says: the week, what comes next, what the group asked,
papers for the step; each thing once.
"""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest

from community.actions import accept_answer, remove_post
from community.tests.make import make_comment, make_post, make_question, make_reaction
from curriculum.models import Release
from mail import actions, digest
from mail.digest import Digest, Next, Pick, WeekSummary
from mail.messages import MessageBuilder
from mail.models import Delivery
from members.tests.make import make_member
from papers.actions import hide_paper, keep_paper
from papers.tests.make import make_paper
from progress import actions as study
from progress.announcements import ReleaseAnnouncement
from progress.tests.make import (
    activity,
    document,
    key,
    make_curriculum,
    make_enrollment,
    make_release,
    route,
    step,
)

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 17, tzinfo=UTC)  # six in the evening in Berlin
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def curriculum():
    return make_curriculum(
        step(
            "encounter",
            activity("Run it", "run", 30),
            activity("Change it", "hack", 30),
        ),
        step(
            "normalisation",
            activity("Derive layer normalisation and weight decay", "math", 40),
            routes=(route("book", activity("Read chapter three", "math", 60)),),
        ),
        step("diffusion", activity("Sample from a diffusion model", "run", 50)),
    )


def studying(curriculum, name="Ines Duarte", done=(), **fields):
    values = {
        "time_zone": "Europe/Berlin",
        "joined_at": LONG_AGO,
        "onboarded_at": LONG_AGO,
        **fields,
    }
    member = make_member(name=name, **values)
    make_enrollment(member, curriculum, LONG_AGO)
    for title in done:
        study.mark_done(member, key(title), now=SUNDAY - timedelta(days=2))
    return member


def composed(member, now=SUNDAY):
    return digest.compose([member], now)[member.pk]


def test_the_week_and_what_comes_next(curriculum):
    ines = studying(curriculum, done=["Run it"], hours_per_week=6)
    for aspect, minutes, day in (("run", 94, 16), ("hack", 73, 20), ("math", 51, 22)):
        study.log_minutes(
            ines,
            aspect=aspect,
            minutes=minutes,
            now=SUNDAY,
            studied_on=date(2026, 11, day),
        )
    study.log_minutes(
        ines, aspect="run", minutes=500, now=SUNDAY, studied_on=date(2026, 11, 15)
    )

    found = composed(ines)

    assert found.week.days == (date(2026, 11, 16), date(2026, 11, 22))
    assert dict(found.week.minutes) == {"run": 94, "hack": 73, "math": 51}
    assert (found.week.total, found.week.target) == (218, 360)
    assert (found.week.active_days, found.week.activities_done) == (3, 1)
    assert found.next == Next(
        "Change it",
        30,
        "hack",
        1,
        "Encounter",
        f"/learn/way-up/encounter/#activity-{key('Change it')}",
    )
    assert (found.step, found.curriculum) == (1, "Way-up")


def test_early_in_the_week_the_digest_is_about_the_week_that_has_ended(curriculum):
    ines = studying(curriculum, done=["Run it"])
    study.log_minutes(
        ines, aspect="run", minutes=30, now=SUNDAY, studied_on=date(2026, 11, 22)
    )
    study.log_minutes(
        ines,
        aspect="run",
        minutes=7,
        now=SUNDAY + timedelta(days=2),
        studied_on=date(2026, 11, 24),
    )

    for weekday, (monday, minutes, done) in enumerate(
        [
            (16, 30, 1),
            (16, 30, 1),
            (16, 30, 1),
            (23, 7, 0),
            (23, 7, 0),
            (23, 7, 0),
            (23, 7, 0),
        ]
    ):
        week = composed(ines, SUNDAY + timedelta(days=1 + weekday)).week
        assert (week.monday, week.minutes["run"], week.activities_done) == (
            f"2026-11-{monday}",
            minutes,
            done,
        )


def test_a_member_without_a_curriculum_and_one_who_is_through(curriculum):
    nobody = make_member(name="Kim")
    done = [
        "Run it",
        "Change it",
        "Derive layer normalisation and weight decay",
        "Read chapter three",
    ]
    through = studying(
        curriculum, name="Mai", done=[*done, "Sample from a diffusion model"]
    )

    found = digest.compose([nobody, through], SUNDAY)

    assert (
        found[nobody.pk].next,
        found[nobody.pk].curriculum,
        found[nobody.pk].step,
    ) == (None, "", None)
    assert (found[through.pk].next, found[through.pk].curriculum) == (None, "Way-up")
    assert digest.compose([], SUNDAY) == {}


def test_questions_of_the_own_step_come_first_then_of_earlier_ones_and_none_of_later_ones(
    curriculum,
):
    ines = studying(curriculum, done=["Run it", "Change it"])
    asked = {
        name: make_question(
            title=name, posted_at=SUNDAY - timedelta(days=days), step_key=step_key
        )
        for name, days, step_key in (
            ("no step, newest", 1, None),
            ("behind", 4, key("encounter")),
            ("own step", 9, key("normalisation")),
            ("later step", 1, key("diffusion")),
            ("too old", 29, key("normalisation")),
            ("no step, older", 2, None),
        )
    }
    mine = make_question(ines, title="mine", posted_at=SUNDAY - timedelta(days=1))
    answered = make_question(title="answered", posted_at=SUNDAY - timedelta(days=1))
    accept_answer(make_comment(answered), by=answered.author, now=SUNDAY)
    removed = make_question(
        title="removed",
        posted_at=SUNDAY - timedelta(days=1),
        step_key=key("normalisation"),
    )
    remove_post(removed, by=removed.author, now=SUNDAY)

    found = composed(ines)

    assert found.questions == tuple(
        asked[name].pk for name in ("own step", "behind", "no step, newest")
    )
    assert answered.pk in found.posts
    assert not {mine.pk, removed.pk} & {*found.questions, *found.posts}


def test_what_is_kept_of_a_digest_gives_the_same_digest():
    summary = WeekSummary("2026-11-16", {"run": 5}, 60, {"run": 8}, 1, 0)
    coming = Next("Run it", 20, "run", 1, "Encounter", "/learn/")
    news = ReleaseAnnouncement(
        title="Seven", slug="seven", number=2, added=1, replaced=0, changed=0, gone=0
    )
    for following, papers, releases in (
        (coming, (Pick(3, "speech"),), (news,)),
        (None, (), ()),
    ):
        made = Digest(summary, following, "Seven", 1, (4,), (5, 6), papers, 7, releases)

        content = made.as_content()

        assert json.loads(json.dumps(content)) == json.loads(json.dumps(asdict(made)))
        assert Digest.from_content(json.loads(json.dumps(content))) == made


def test_the_liveliest_posts_of_the_week_by_others(curriculum):
    ines, kofi = studying(curriculum), make_member(name="Kofi")
    quiet, lively, old, mine = (
        make_post(author, title=title, posted_at=SUNDAY - timedelta(days=days))
        for author, title, days in (
            (kofi, "quiet", 1),
            (kofi, "lively", 6),
            (kofi, "old", 8),
            (ines, "mine", 1),
        )
    )
    for number in range(3):
        make_comment(lively, make_member(name=f"Talker {number}"), minutes=number + 1)
    make_reaction(quiet)
    others = [
        make_post(
            kofi, title=f"other {n}", posted_at=SUNDAY - timedelta(days=2, minutes=n)
        )
        for n in range(4)
    ]

    assert composed(ines).posts == (lively.pk, quiet.pk, others[0].pk, others[1].pk)
    assert mine.pk in composed(make_member(name="Other")).posts
    assert old.pk not in composed(make_member(name="Another")).posts


def test_papers_fit_the_step_and_say_with_which_words(curriculum):
    ines = studying(curriculum, done=["Run it", "Change it"])
    fits = make_paper(
        title="On layer normalisation",
        abstract="We study layer normalisation together with weight decay in transformers.",
        announced_on=date(2026, 11, 18),
    )
    make_paper(
        title="Bees",
        abstract="We count bees on a meadow.",
        announced_on=date(2026, 11, 18),
    )
    make_paper(
        title="Old",
        abstract="Layer normalisation and weight decay, long ago.",
        announced_on=date(2026, 11, 1),
    )
    for number in range(8):
        make_paper(
            title=f"Sheep {number}",
            abstract="Sheep graze.",
            announced_on=date(2026, 11, 19),
        )

    found = composed(ines)

    assert [pick.id for pick in found.papers] == [fits.pk]
    assert found.papers[0].words.split(", ")[-1] == "weight decay"
    assert found.papers_announced == 10


def test_each_thing_is_told_once(curriculum):
    ines = studying(curriculum, done=["Run it", "Change it"])
    question, post = make_question(posted_at=SUNDAY), make_post(posted_at=SUNDAY)
    paper = make_paper(
        abstract="Layer normalisation and weight decay.",
        announced_on=date(2026, 11, 22),
    )
    for number in range(8):
        make_paper(
            title=f"Sheep {number}",
            abstract="Sheep graze.",
            announced_on=date(2026, 11, 22),
        )

    actions.write_due_digests(SUNDAY)
    first = Digest.from_content(Delivery.objects.get(member=ines).content)
    again = composed(ines, SUNDAY + timedelta(days=3))

    assert (first.questions, first.posts) == ((question.pk,), (post.pk,))
    assert [pick.id for pick in first.papers] == [paper.pk]
    assert (again.questions, again.posts, again.papers) == ((), (), ())


def test_a_release_is_announced_in_one_digest_until_the_next_one_comes_out(curriculum):
    ines = studying(curriculum, done=["Run it"])
    wider = step(
        "encounter",
        activity("Run it", "run", 30),
        activity("New one"),
        activity("And another"),
    )
    make_release(curriculum, document(wider, slug=curriculum.slug))
    Release.objects.filter(number=2).update(published_at=SUNDAY - timedelta(days=1))

    actions.write_due_digests(SUNDAY)
    (line,) = Digest.from_content(Delivery.objects.get(member=ines).content).releases
    mail = MessageBuilder(SUNDAY).build(Delivery.objects.get(member=ines))
    html = str(mail.alternatives[0][0])

    assert (line.title, line.number, line.words) == (
        "Way-up",
        2,
        "1 added, 1 replaced, 3 taken out",
    )
    assert f"Way-up: {line.words}. See what changed:" in " ".join(
        str(mail.body).split()
    )
    assert f"Way-up: {line.words}." in html
    assert "/learn/way-up/releases/" in html
    assert composed(ines, SUNDAY + timedelta(days=7)).releases == ()

    make_release(
        curriculum,
        document(wider, step("more", activity("Third")), slug=curriculum.slug),
    )
    Release.objects.filter(number=3).update(published_at=SUNDAY + timedelta(days=2))

    assert [
        each.number for each in composed(ines, SUNDAY + timedelta(days=7)).releases
    ] == [3]


def test_a_release_that_was_put_away_or_is_followed_is_not_announced(curriculum):
    ines, noor = studying(curriculum), studying(curriculum, "Noor Haddad")
    release = make_release(
        curriculum, document(step("encounter", activity("New")), slug=curriculum.slug)
    )
    Release.objects.filter(pk=release.pk).update(published_at=SUNDAY)
    study.put_away_release(ines.enrollments.get(), release)
    study.move_release(noor.enrollments.get(), release, now=SUNDAY)

    assert (composed(ines).releases, composed(noor).releases) == ((), ())


def test_a_paper_that_was_kept_or_hidden_is_not_told(curriculum):
    ines = studying(curriculum, done=["Run it", "Change it"])
    kept, hidden, new = (
        make_paper(
            title=t,
            abstract="Layer normalisation and weight decay.",
            announced_on=date(2026, 11, 22),
        )
        for t in ("kept", "hidden", "new")
    )
    for number in range(30):
        make_paper(
            title=f"Sheep {number}",
            abstract="Sheep graze.",
            announced_on=date(2026, 11, 22),
        )
    keep_paper(kept, member=ines, now=SUNDAY)
    hide_paper(hidden, member=ines, now=SUNDAY)

    assert [pick.id for pick in composed(ines).papers] == [new.pk]


def test_what_is_kept_in_the_ledger_reads_back_as_it_was(curriculum):
    week = WeekSummary(
        "2026-11-16",
        {"run": 1, "hack": 2, "math": 3},
        360,
        {"run": 1, "hack": 1, "math": 2},
        3,
        2,
    )
    following = Next("Derive it", 40, "math", 3, "Deep dive", "/learn/a/b/")
    for whole in (
        Digest(week, following, "Way up", 3, (1, 2), (3,), (Pick(4, "a, b"),), 1412),
        Digest(week, None, "", None),
    ):
        delivery = Delivery.objects.create(
            member=make_member(),
            kind="digest",
            key="2026-W47",
            content=whole.as_content(),
            written_at=SUNDAY,
            not_before=SUNDAY,
        )
        delivery.refresh_from_db()

        assert Digest.from_content(delivery.content) == whole


def test_digests_are_numbered_for_each_member(curriculum):
    ines = studying(curriculum)
    for week in range(3):
        actions.write_due_digests(SUNDAY + timedelta(weeks=week))
    kim = studying(curriculum, name="Kim")
    actions.write_due_digests(SUNDAY + timedelta(weeks=3))
    actions.write_due_digests(SUNDAY + timedelta(weeks=3, minutes=5))

    numbers = Delivery.objects.order_by("pk").values_list(
        "member__name", "number", "key"
    )
    assert list(numbers.filter(member=ines)) == [
        ("Ines Duarte", 1, "2026-W47"),
        ("Ines Duarte", 2, "2026-W48"),
        ("Ines Duarte", 3, "2026-W49"),
        ("Ines Duarte", 4, "2026-W50"),
    ]
    assert list(numbers.filter(member=kim)) == [("Kim", 1, "2026-W50")]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_digests_takes_the_same_queries(
    curriculum, django_assert_num_queries, count
):
    members = [
        studying(curriculum, name=f"Member {n}", done=["Run it", "Change it"])
        for n in range(count)
    ]
    make_paper(
        abstract="Layer normalisation and weight decay.",
        announced_on=date(2026, 11, 22),
    )
    make_question(posted_at=SUNDAY, step_key=key("normalisation"))

    # Questions, posts, papers announced; six of the week
    # (progress.week.weeks), two of suggestions, places of steps, what
    # earlier digests told, papers kept or hidden, releases.
    with django_assert_num_queries(16):
        digest.compose(members, SUNDAY)
