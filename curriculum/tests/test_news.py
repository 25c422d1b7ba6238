"""What a release brings to a member who follows an older one."""

from typing import Any
from uuid import UUID

from curriculum.news import News, news
from curriculum.outline import Outline

FIELDS = {"do": "read", "aspect": "run", "minutes": 60}


def activity(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "key": str(UUID(int=number)),
        "title": f"Number {number}",
        **FIELDS,
        **fields,
    }


def outline(
    *activities: dict[str, Any], book: tuple[dict[str, Any], ...] = ()
) -> Outline:
    """A step with these activities, and with a route where there are any for it."""
    key, other = str(UUID(int=100)), str(UUID(int=101))
    route = {"key": other, "slug": "book", "title": "Book", "activities": [*book]}
    step = {
        "key": key,
        "slug": "start",
        "title": "Start",
        "hours": 10,
        "activities": [*activities],
        "routes": [route] if book else [],
    }
    curriculum = {"key": key, "slug": "way-up", "title": "Way up", "steps": [step]}
    return Outline.from_document(
        {"format": 1, "curriculum": curriculum, "resources": {}}, {}
    )


def titles(brought: News) -> dict[str, list[str]]:
    return {
        "added": [each.activity.title for each in brought.added],
        "changed": [each.activity.title for each in brought.changed],
        "gone": [each.activity.title for each in brought.gone],
        "replaced": [
            f"{each.activity.title} for {each.instead_of.title}"
            for each in brought.replaced
            if each.instead_of
        ],
    }


def test_nothing_is_new_in_the_same_release() -> None:
    same = outline(activity(1), book=(activity(2),))

    assert news(same, same) == News()


def test_each_activity_is_added_changed_or_gone() -> None:
    old = outline(activity(1), activity(2), activity(3))
    new = outline(activity(1), activity(2, minutes=30), book=(activity(4),))

    brought = news(old, new)

    assert titles(brought) == {
        "added": ["Number 4"],
        "changed": ["Number 2"],
        "gone": ["Number 3"],
        "replaced": [],
    }
    assert [each.title for each in brought.lost] == ["Number 3"]
    assert {item.step.slug for item in (*brought.added, *brought.gone)} == {"start"}


def test_what_is_added_takes_the_place_of_what_is_gone_from_the_same_list() -> None:
    old = outline(activity(1), activity(2), book=(activity(3),))
    new = outline(activity(4), activity(5), activity(6), book=(activity(7),))

    brought = news(old, new)

    assert titles(brought) == {
        "added": ["Number 6"],
        "changed": [],
        "gone": [],
        "replaced": [
            "Number 4 for Number 1",
            "Number 5 for Number 2",
            "Number 7 for Number 3",
        ],
    }
    assert [each.title for each in brought.lost] == ["Number 1", "Number 2", "Number 3"]


def test_an_activity_that_moved_is_neither_added_nor_gone() -> None:
    old = outline(activity(1), activity(2))
    new = outline(activity(2), book=(activity(1), activity(2)))

    assert news(old, new) == News()
