"""Curricula small enough to count by hand, and members in them.

A key is made of the name that the test gives.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.core.cache import cache, caches
from django.db import transaction

from curriculum.models import KEPT_OUTLINES, Curriculum, Release
from curriculum.outline import Outline
from lists.cache import forget_all
from members.models import Member
from members.tests.make import make_member
from progress import actions
from progress.models import Enrollment, StudyEvent
from progress.week import Week, weeks

NOW = datetime(2026, 5, 6, 18, 0, tzinfo=UTC)  # a Wednesday


@contextlib.contextmanager
def rolled_back() -> Iterator[None]:
    """One example of a property test: it leaves no rows, and finds nothing
    that the process kept of another.

    SQLite gives a primary key that was rolled back again, so what is kept
    by it would be of other rows.
    """
    cache.clear()
    caches["local"].clear()
    KEPT_OUTLINES.clear()
    forget_all()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def key(name: str) -> UUID:
    return uuid5(NAMESPACE_DNS, name)


def activity(
    title: str, aspect: str = "run", minutes: int = 60, **fields: Any
) -> dict[str, Any]:
    return {
        "key": str(key(title)),
        "do": "read",
        "title": title,
        "aspect": aspect,
        "minutes": minutes,
        **fields,
    }


def route(slug: str, *activities: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "key": str(key(slug)),
        "slug": slug,
        "title": slug.capitalize(),
        "activities": [*activities],
        **fields,
    }


def step(
    slug: str, *activities: dict[str, Any], routes: tuple[Any, ...] = (), **fields: Any
) -> dict[str, Any]:
    return {
        "key": str(key(slug)),
        "slug": slug,
        "title": slug.capitalize(),
        "hours": 10,
        "activities": [*activities],
        "routes": [*routes],
        **fields,
    }


def document(
    *steps: dict[str, Any], slug: str = "way-up", **resources: Any
) -> dict[str, Any]:
    """Two steps where none are given: the first without a fork, the second
    with a book and a course route.
    """
    steps = steps or (
        step(
            "start",
            activity("A", "run", 60),
            activity("B", "hack", 30),
            activity("Extra", "math", 30, core=False),
        ),
        step(
            "deep",
            activity("Common", "hack", 60),
            routes=(
                route(
                    "book",
                    activity("B1", "math", 120),
                    activity("Shared", "run", 60),
                    for_goals=["research"],
                ),
                route(
                    "course",
                    activity("C1", "run", 90),
                    activity("Shared", "run", 60),
                    for_goals=["apply"],
                ),
            ),
            done_when="You have derived it once.",
        ),
    )
    return {
        "format": 1,
        "curriculum": {
            "key": str(key(slug)),
            "slug": slug,
            "title": slug.capitalize(),
            "steps": [*steps],
        },
        "resources": resources,
    }


def make_outline(*steps: dict[str, Any]) -> Outline:
    return Outline.from_document(document(*steps), {})


def make_curriculum(
    *steps: dict[str, Any], slug: str = "way-up", **resources: Any
) -> Curriculum:
    """Published, as release 1."""
    curriculum = Curriculum.objects.create(
        key=key(slug), slug=slug, title=slug.capitalize()
    )
    make_release(curriculum, document(*steps, slug=slug, **resources))
    return curriculum


def make_release(
    curriculum: Curriculum,
    frozen: dict[str, Any],
    rendered: dict[str, str] | None = None,
) -> Release:
    release = Release.objects.create(
        curriculum=curriculum,
        number=curriculum.releases.count() + 1,
        document=frozen,
        rendered=rendered or {},
        published_at=NOW,
    )
    assert release.outline  # read once, as on every page but the first after a start
    return release


def make_enrollment(
    member: Member | None = None,
    curriculum: Curriculum | None = None,
    now: datetime = NOW,
) -> Enrollment:
    return actions.enroll(
        member or make_member(), curriculum or make_curriculum(), now=now
    )


def kinds_logged() -> list[str]:
    """The kinds of all events, in the order in which they were logged."""
    return list(StudyEvent.objects.order_by("pk").values_list("kind", flat=True))


def week_now(member: Member, now: datetime) -> Week:
    return weeks([member], now)[member.pk]
