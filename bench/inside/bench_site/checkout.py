"""All that the bench asks of the site's own code; when the site moves,
correct it here.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.apps import apps


def first_module(*names: str) -> Any:
    """The first of these modules that the checkout has."""
    for name in names:
        try:
            return import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name is None or not name.startswith(missing.name):
                raise
    raise LookupError(f"The checkout has none of {', '.join(names)}.")


# What `make up` runs


def commands() -> dict[str, list[str]]:
    """The commands of the web server and, where the site brings
    it, of the broker.
    """
    parts = {part.name: part for part in parts_of_the_site()}
    return {
        name: [str(word) for word in parts[name].argv]
        for name in ("valkey", "web")
        if name in parts
    }


def parts_of_the_site() -> list[Any]:
    up = first_module("operate.up", "config.up", "members.management.commands.up")
    if not hasattr(up, "Site"):  # the first version
        command = up.Command()
        return [*command.broker(), command.web()]
    return list(up.Site(import_module("config.settings")).supervisor.parts)


# Texts


def text_columns(body: str) -> dict[str, str]:
    """The columns of a post or comment in which its text stands."""
    words = import_module("community.actions").render(body)
    return {name: str(value) for name, value in asdict(words).items()}


def paper_columns(title: str, abstract: str) -> dict[str, str]:
    text = first_module("text", "richtext")
    return {
        "title_html": render_title(text, title),
        "abstract_html": text.render_inline(abstract, links=True),
        "pipeline_version": str(text.PIPELINE_VERSION),
    }


def render_title(text: Any, title: str) -> str:
    """Older checkouts know no difference between a title and a line of text."""
    try:
        return str(text.render_inline(title, names=True))
    except TypeError:
        return str(text.render_inline(title))


# Curricula


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    slug: str
    number: int
    activities: tuple[tuple[str, str], ...]  # key and aspect


@dataclass(frozen=True, slots=True)
class Course:
    curriculum: int
    release: int
    slug: str
    steps: tuple[Step, ...]


def courses() -> list[Course]:
    """The newest release of each curriculum, the one with most
    steps first.
    """
    releases = apps.get_model("curriculum.Release").objects.newest()
    found = [
        Course(
            curriculum=release.curriculum_id,
            release=release.pk,
            slug=release.outline.slug,
            steps=tuple(
                Step(
                    key=step.key.hex,
                    slug=step.slug,
                    number=step.number,
                    activities=tuple(
                        (activity.key.hex, activity.aspect)
                        for activity in step.activities
                    ),
                )
                for step in release.outline.steps
            ),
        )
        for release in releases.select_related("curriculum").order_by("pk")
    ]
    return sorted(found, key=lambda course: -len(course.steps))


def load_as_a_worker() -> None:
    """What a worker loads before its first task, in checkouts that load it."""
    try:
        consumer = import_module("operate.consumer")
        consumer.load_before_the_first_task()
    except (AttributeError, ModuleNotFoundError):
        return


# Addresses


def cursor(moment: datetime, pk: int) -> str:
    """Where a list of posts goes on, as its address says it."""
    cursors = first_module("lists.keyset", "community.cursors")
    return str(cursors.Cursor(moment, pk))


# Mail


def write_digests(now: datetime) -> int:
    return int(import_module("mail.actions").write_due_digests(now))


def write_reminders(now: datetime) -> int:
    return int(import_module("mail.actions").write_due_reminders(now))


def send_waiting(clock: Callable[[], datetime]) -> int:
    return int(import_module("mail.actions").send_waiting(clock).sent)


# Telling


def tell(now: datetime) -> int:
    return int(import_module("notifications.actions").tell_everything(now=now))


def write_bundles(now: datetime) -> int:
    return int(import_module("mail.actions").write_bundles(now))
