"""A curriculum document as typed values: what pages and tallies
walk through.

Pure; see fileformat for the checks.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Source:
    """What a page shows of a resource or of one section of it."""

    slug: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    kind: str = ""
    cost: str = ""
    price_note: str = ""
    url: str = ""
    arxiv_id: str = ""
    section_title: str = ""
    locator: str = ""
    archived_on: str = ""
    archived_why: str = ""
    archive_url: str = ""
    successor_title: str = ""
    successor_url: str = ""


@dataclass(frozen=True, slots=True)
class Activity:
    key: UUID
    do: str
    title: str
    aspect: str
    minutes: int
    core: bool
    note_html: str = ""
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Route:
    key: UUID
    slug: str
    title: str
    summary: str
    kind: str
    hours: int
    fit: str
    for_goals: tuple[str, ...]
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class Step:
    key: UUID
    number: int
    slug: str
    title: str
    summary: str
    purpose: str
    hours: int
    intro_html: str
    done_when: str
    activities: tuple[Activity, ...]
    routes: tuple[Route, ...]

    def every_activity(self) -> Iterator[Activity]:
        """Those of the step, then those of each route; an activity of two
        routes comes twice.
        """
        yield from self.activities
        for route in self.routes:
            yield from route.activities

    def route(self, key: UUID) -> Route | None:
        return next((route for route in self.routes if route.key == key), None)

    def default_route(self, goal: str = "") -> Route | None:
        """The route recommended for `goal`; the first one where none is."""
        if not self.routes:
            return None
        if goal:
            for route in self.routes:
                if goal in route.for_goals:
                    return route
        return self.routes[0]


@dataclass(frozen=True, slots=True)
class Outline:
    key: UUID
    slug: str
    title: str
    summary: str
    intro_html: str
    licence: str
    credit: tuple[Mapping[str, Any], ...]
    steps: tuple[Step, ...]
    resources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def hours(self) -> int:
        return sum(step.hours for step in self.steps)

    def step_by_slug(self, slug: str) -> Step | None:
        return next((step for step in self.steps if step.slug == slug), None)

    def step_by_key(self, key: UUID) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def activity(self, key: UUID) -> Activity | None:
        every_activity = chain.from_iterable(
            step.every_activity() for step in self.steps
        )
        return next((each for each in every_activity if each.key == key), None)

    def step_of(self, activity_key: UUID) -> Step | None:
        """The first step that holds the activity."""
        return next(
            (
                s
                for s in self.steps
                if any(a.key == activity_key for a in s.every_activity())
            ),
            None,
        )

    @classmethod
    def from_document(
        cls, document: Mapping[str, Any], rendered: Mapping[str, str]
    ) -> "Outline":
        """From a checked document with all its keys; `rendered` maps keys
        to HTML of introductions, and "<key of step or route>:<key of
        activity>:note" (or without the first) to that of notes.
        """
        head, resources = document["curriculum"], document.get("resources", {})
        read = _OutlineReader(resources, rendered)
        return cls(
            key=UUID(head["key"]),
            slug=head["slug"],
            title=head["title"],
            summary=head.get("summary", ""),
            intro_html=rendered.get(head["key"], ""),
            licence=head.get("licence", ""),
            credit=tuple(head.get("credit", ())),
            steps=tuple(
                read.step(n, raw) for n, raw in enumerate(head.get("steps", ()), 1)
            ),
            resources=resources,
        )


@dataclass(frozen=True, slots=True)
class _OutlineReader:
    """Reads the parts of one document."""

    resources: Mapping[str, Mapping[str, Any]]
    rendered: Mapping[str, str]

    def step(self, number: int, raw: Mapping[str, Any]) -> Step:
        return Step(
            key=UUID(raw["key"]),
            number=number,
            slug=raw["slug"],
            title=raw["title"],
            summary=raw.get("summary", ""),
            purpose=raw.get("purpose", "practice"),
            hours=raw.get("hours", 0),
            intro_html=self.rendered.get(raw["key"], ""),
            done_when=raw.get("done_when", ""),
            activities=tuple(self.activity(raw, a) for a in raw.get("activities", ())),
            routes=tuple(self.route(r) for r in raw.get("routes", ())),
        )

    def route(self, raw: Mapping[str, Any]) -> Route:
        return Route(
            key=UUID(raw["key"]),
            slug=raw["slug"],
            title=raw["title"],
            summary=raw.get("summary", ""),
            kind=raw.get("kind", "mixed"),
            hours=raw.get("hours", 0),
            fit=raw.get("fit", ""),
            for_goals=tuple(raw.get("for_goals", ())),
            activities=tuple(self.activity(raw, a) for a in raw.get("activities", ())),
        )

    def activity(self, holder: Mapping[str, Any], raw: Mapping[str, Any]) -> Activity:
        return Activity(
            key=UUID(raw["key"]),
            do=raw["do"],
            title=raw["title"],
            aspect=raw["aspect"],
            minutes=raw.get("minutes", 0),
            core=raw.get("core", True),
            note_html=self.note(holder, raw),
            source=self.source(raw),
        )

    def note(self, holder: Mapping[str, Any], raw: Mapping[str, Any]) -> str:
        # An activity may stand in two places with a note in each.
        key = f"{raw['key']}:note"
        if raw.get("note"):
            return self.rendered.get(f"{holder['key']}:{key}") or self.rendered.get(
                key, ""
            )
        return ""

    def source(self, raw: Mapping[str, Any]) -> Source | None:
        slug = raw.get("resource")
        if not slug:
            return None
        resource = self.resources[slug]
        sections: Iterable[Mapping[str, Any]] = resource.get("sections", ())
        part = next((s for s in sections if s["id"] == raw.get("section")), {})
        successor = self.resources.get(resource.get("successor", ""), {})
        return Source(
            slug=slug,
            title=resource["title"],
            authors=tuple(resource.get("authors", ())),
            year=resource.get("year"),
            kind=resource.get("kind", ""),
            cost=resource.get("cost", ""),
            price_note=resource.get("price_note", ""),
            url=part.get("url") or resource["url"],
            arxiv_id=resource.get("arxiv_id", ""),
            section_title=part.get("title", ""),
            locator=part.get("locator", ""),
            archived_on=str(resource.get("archived_on", "")),
            archived_why=resource.get("archived_why", ""),
            archive_url=resource.get("archive_url", ""),
            successor_title=successor.get("title", ""),
            successor_url=successor.get("url", ""),
        )
