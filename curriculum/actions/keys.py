"""The keys of activities, which follow what they ask for."""

from uuid import UUID, uuid4

from django.db.models import QuerySet

from curriculum import fileformat
from curriculum.models import Activity, Curriculum, Resource
from text.typed import clean_name


def settle_key(activity: Activity, exercise: str = "") -> None:
    """Give an activity that is about to be saved the key that belongs to
    what it asks for.

    `exercise` is "same" or "new" where the curator has said so: the same
    keeps the key, a new one gets a key of its own. Else the key stays as
    long as resource and section do, so that new words or another verb
    leave no records behind; with another resource or section it is another
    exercise, and records stay with the former key. A key that stands
    elsewhere in the curriculum does not follow a verb: the two would share
    one tick for different work.
    """
    before = Activity.objects.filter(pk=activity.pk).first()
    if exercise == "new":
        activity.key = uuid4()
    elif before is None:
        if activity.resource:
            activity.key = _derived_key(activity, activity.resource)
    elif exercise != "same" and not _asks_for_the_same(before, activity):
        if activity.resource:
            activity.key = _derived_key(activity, activity.resource)
        else:
            activity.key = uuid4()


def _derived_key(activity: Activity, resource: Resource) -> UUID:
    """The key that files give to an activity with this resource, its
    section and its verb.
    """
    section = ""
    if activity.section:
        section = activity.section.slug
    return fileformat.activity_key(resource.slug, section, activity.do)


def _asks_for_the_same(before: Activity, now: Activity) -> bool:
    if (before.resource_id, before.section_id) != (now.resource_id, now.section_id):
        return False
    if before.do == now.do or not before.resource_id:
        return True
    twins = Activity.objects.filter(key=before.key, retired_at=None).exclude(
        pk=before.pk
    )
    return not twins.filter(step__curriculum=before.step.curriculum_id).exists()


def namesakes(activity: Activity) -> QuerySet[Activity]:
    """Activities under the same key whose title is another one: two
    exercises, perhaps, that share one tick.
    """
    others = Activity.objects.filter(
        key=activity.key, retired_at=None, step__retired_at=None
    )
    others = others.exclude(pk=activity.pk).exclude(title__iexact=activity.title)
    return others.select_related("step__curriculum").order_by("pk")


def shared_ticks(curriculum: Curriculum) -> list[tuple[Activity, Activity]]:
    """Pairs of an activity of the draft and another one, here or
    elsewhere, that share a key under other titles.
    """
    mine = Activity.objects.filter(
        step__curriculum=curriculum, retired_at=None, step__retired_at=None
    )
    twins = Activity.objects.filter(
        key__in=mine.values("key"), retired_at=None, step__retired_at=None
    )
    by_key: dict[UUID, list[Activity]] = {}
    for activity in twins.select_related("step__curriculum").order_by("pk"):
        by_key.setdefault(activity.key, []).append(activity)
    pairs = []
    for same in by_key.values():
        first = next(
            activity
            for activity in same
            if activity.step.curriculum_id == curriculum.pk
        )
        pairs += [
            (first, other)
            for other in same
            if clean_name(other.title) != clean_name(first.title)
        ]
    return pairs
