"""Drafts that become releases."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from curriculum import fileformat
from curriculum.difference import difference
from curriculum.export import document_of
from curriculum.fileformat import Document
from curriculum.models import Curriculum, Release
from members.models import Member
from text import PIPELINE_VERSION, render


class NothingChanged(Exception):
    """The draft is the same as the newest release."""


class DraftChanged(Exception):
    """Somebody saved the draft between its check and its release."""


class LintFailed(Exception):
    """The draft is not ready to be published; `problems` says why, in
    words for curators.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def publish(
    curriculum: Curriculum, *, by: Member | None, changelog: str, now: datetime
) -> Release:
    """Freeze the curriculum's draft as its next release, shown to members
    from `now` on.

    The draft is checked and rendered before the curriculum is locked, so
    that nobody waits for it. Raises NothingChanged; LintFailed(problems)
    when a step has no active work or the draft breaks a rule of the file
    format; DraftChanged when somebody saved the draft meanwhile.
    """
    document = document_of(curriculum)
    newest = curriculum.releases.order_by("-number").first()
    if newest and newest.document == document:
        raise NothingChanged(
            _("Nothing has changed since release %(number)s.")
            % {"number": newest.number}
        )
    if problems := list(lint(document)):
        raise LintFailed(problems)
    rendered = dict(_rendered(document))
    return _freeze(curriculum, document, rendered, by=by, changelog=changelog, now=now)


@transaction.atomic
def _freeze(
    curriculum: Curriculum,
    document: Document,
    rendered: dict[str, str],
    *,
    by: Member | None,
    changelog: str,
    now: datetime,
) -> Release:
    curriculum = Curriculum.objects.select_for_update().get(pk=curriculum.pk)
    if document_of(curriculum) != document:
        raise DraftChanged(
            _(
                "The draft was changed while it was being checked. "
                "Check the changes, then publish."
            )
        )
    newest = curriculum.releases.order_by("-number").first()
    if newest and newest.document == document:
        raise NothingChanged(
            _("Nothing has changed since release %(number)s.")
            % {"number": newest.number}
        )
    number, changed = 1, {}
    if newest:
        number = newest.number + 1
        changed = difference(newest.document, document)
    return Release.objects.create(
        curriculum=curriculum,
        number=number,
        document=document,
        rendered=rendered,
        pipeline_version=PIPELINE_VERSION,
        changelog=changelog,
        difference=changed,
        published_at=now,
        published_by=by,
    )


def lint(document: Document) -> Iterator[str]:
    """What keeps a draft from being published, in words for curators."""
    steps = document["curriculum"].get("steps", [])
    if not steps:
        yield _("The curriculum has no steps.")
    for step in steps:
        routes = step.get("routes", [])
        if not step.get("activities") and not any(
            route.get("activities") for route in routes
        ):
            yield _("The step “%(step)s” has nothing to do: give it an activity.") % {
                "step": step["title"]
            }
            continue
        for route in routes:
            if not route.get("activities"):
                words = _(
                    "The route “%(route)s” of the step “%(step)s” has nothing to do: "
                    "give it an activity."
                )
                yield words % {"route": route["title"], "step": step["title"]}
    yield from (
        f"{problem.field}: {problem.message}"
        for problem in fileformat.problems_of(document)
    )


def html_of(text: str, key: str) -> str:
    """A Markdown field as members see it once it is published; `key` is
    that of its owner. Raises TextRefused.

    The ends of lines are spaces, since curricula come from files whose
    lines are folded.
    """
    return render(text, doc_id=key, breaks=False)


def _rendered(document: Document) -> Iterator[tuple[str, str]]:
    """HTML of every Markdown field, by the keys that
    `Outline.from_document` looks for.
    """
    curriculum = document["curriculum"]
    for owner in (curriculum, *curriculum["steps"]):
        if "intro" in owner:
            yield owner["key"], html_of(owner["intro"], owner["key"])
    for step in curriculum["steps"]:
        for holder in (step, *step.get("routes", ())):
            for activity in holder.get("activities", ()):
                if "note" in activity:
                    yield (
                        f"{holder['key']}:{activity['key']}:note",
                        html_of(activity["note"], activity["key"]),
                    )
