"""What a schema cannot say: references, uniqueness, keys."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID, uuid5

from curriculum.fileformat.document import activity_lists, items, markdown_of, steps_of
from curriculum.fileformat.reading import FileReading
from curriculum.fileformat.schema import Document, Json, Place
from text import TextRefused, render
from text.typed import clean_name

RESERVED = ("resources", "releases")  # where a curriculum's or a step's page would be


class Namesake(NamedTuple):
    """An activity of the site: the key and title of its curriculum, and
    its own title.
    """

    curriculum_key: str
    curriculum: str
    title: str


def check_references(
    reading: FileReading,
    document: Document,
    resources: Collection[str],
    sections: Collection[tuple[str, str]],
) -> None:
    ours = {
        str(place[-1]): resource for place, resource in items(document, "resources", ())
    }
    parts = set(sections)
    for slug, resource in ours.items():
        parts |= {
            (slug, str(part.get("id"))) for _, part in items(resource, "sections", ())
        }
    for _, activities in activity_lists(document):
        for place, activity in activities:
            slug, section = (
                str(activity.get("resource", "")),
                str(activity.get("section", "")),
            )
            if slug and slug not in ours and slug not in resources:
                reading.add(
                    (*place, "resource"),
                    f"There is no resource “{slug}” in this file or in the library.",
                )
            elif section and not slug:
                reading.add(
                    (*place, "section"),
                    "A section needs the resource that it belongs to.",
                )
            elif section and (slug, section) not in parts:
                reading.add(
                    (*place, "section"), f"“{slug}” has no section “{section}”."
                )
    for place, resource in items(document, "resources", ()):
        successor = str(resource.get("successor", ""))
        if successor and successor not in ours and successor not in resources:
            reading.add(
                (*place, "successor"),
                f"There is no resource “{successor}” in this file or in the library.",
            )


def check_uniqueness(reading: FileReading, document: Document, *_: object) -> None:
    def once(items: Iterator[tuple[Place, dict[str, Json]]], name: str) -> None:
        seen: dict[str, Place] = {}
        for place, item in items:
            value = str(item.get(name, ""))
            if value and seen.setdefault(value, place) != place:
                line = reading.line((*seen[value], name))
                reading.add(
                    (*place, name), f"“{value}” is already used on line {line}."
                )

    curriculum = document.get("curriculum")
    if isinstance(curriculum, dict) and curriculum.get("slug") in RESERVED:
        reading.add(
            ("curriculum", "slug"),
            f"The address “{curriculum['slug']}” is taken by a page of the site.",
        )
    once(steps_of(document), "slug")
    for place, step in steps_of(document):
        if step.get("slug") in RESERVED:
            reading.add(
                (*place, "slug"),
                f"The address “{step['slug']}” is taken by a page of the site.",
            )
        once(items(step, "routes", place), "slug")
    for place, resource in items(document, "resources", ()):
        once(items(resource, "sections", place), "id")


def check_successors(reading: FileReading, document: Document, *_: object) -> None:
    after = {
        str(place[-1]): str(resource.get("successor", ""))
        for place, resource in items(document, "resources", ())
    }
    settled: set[str] = set()
    for slug in after:
        chain: list[str] = []
        while slug in after and slug not in settled and slug not in chain:
            chain.append(slug)
            slug = after[slug]
        if slug in chain:
            reading.add(
                ("resources", chain[-1], "successor"),
                f"Leads back to “{slug}”: a resource cannot follow itself.",
            )
        settled.update(chain)


def check_markdown(reading: FileReading, document: Document, *_: object) -> None:
    for place, name, text in markdown_of(document):
        try:
            render(text)
        except TextRefused as error:
            reading.add((*place, name), str(error))


def check_keys(reading: FileReading, document: Document) -> None:
    """In a document that is right in all else: no key for two things, no
    activity twice on one way.
    """
    seen: dict[str, tuple[Place, Json]] = {}

    def claim(place: Place, key: str, thing: Json) -> None:
        first, owner = seen.setdefault(key, (place, thing))
        if owner != thing:
            reading.add(
                (*place, "key"),
                f"This key already belongs to what is on line {reading.line(first)}.",
            )

    if "curriculum" in document:
        claim(("curriculum",), document["curriculum"]["key"], ("curriculum",))
    for place, step in steps_of(document):
        claim(place, step["key"], place)
        for inner, route in items(step, "routes", place):
            claim(inner, route["key"], inner)
    for place, resource in items(document, "resources", ()):
        for inner, section in items(resource, "sections", place):
            claim(inner, section["key"], inner)
    for _, activities in activity_lists(document):
        here: dict[str, Place] = {}
        for place, activity in activities:
            claim(place, activity["key"], what_it_asks_for(activity))
            if here.setdefault(activity["key"], place) != place:
                line = reading.line(here[activity["key"]])
                reading.add(
                    place,
                    f"Asks for the same as line {line}, on the same way through the step.",
                )


def check_shared_ticks(
    reading: FileReading,
    document: Document,
    known_activities: Mapping[str, Collection[Namesake]],
) -> None:
    """Two exercises under different titles whose key was made from what
    they ask for: one tick would stand for both.
    """
    mine = document.get("curriculum", {}).get("key", "")
    first: dict[str, tuple[Place, str]] = {}
    for step, activities in activity_lists(document):
        for place, activity in activities:
            key, title = activity["key"], clean_name(activity["title"])
            at, other = first.setdefault(key, (place, title))
            others = []
            if other.casefold() != title.casefold():
                others.append((other, f"on line {reading.line(at)}"))
            for there in known_activities.get(key, ()):
                if (
                    there.curriculum_key != mine
                    and clean_name(there.title).casefold() != title.casefold()
                ):
                    others.append((there.title, f"in “{there.curriculum}”"))
            if others and not _has_own_key(reading.document, place):
                own = uuid5(UUID(step["key"]), f"activity:{title}")
                reading.add(
                    place,
                    f"“{title}” would share one tick with “{others[0][0]}” "
                    f"{others[0][1]}, since both ask for the same."
                    f" If it is the same exercise, write “key: {key}” here; else a "
                    f"key of its own, like “key: {own}”.",
                )


def _has_own_key(document: Json, place: Place) -> bool:
    for part in place:
        document = document[part]
    return "key" in document


def what_it_asks_for(activity: Mapping[str, Json]) -> Json:
    """What an activity asks for; two that share a key must agree on it."""
    if "resource" not in activity:
        return clean_name(activity["title"])
    return (activity["resource"], activity.get("section", ""), activity["do"])
