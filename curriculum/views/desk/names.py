"""What the parts of a document are called on the pages."""

import re
from typing import Any

from django.utils.translation import gettext_lazy

from config.values import number
from curriculum.fileformat import Document

FIELDS = {
    "intro": gettext_lazy("introduction"),
    "summary": gettext_lazy("summary"),
    "title": gettext_lazy("title"),
    "slug": gettext_lazy("address"),
    "done_when": gettext_lazy("done when"),
    "note": gettext_lazy("note"),
    "fit": gettext_lazy("whom it suits"),
    "hours": gettext_lazy("hours"),
    "minutes": gettext_lazy("minutes"),
    "do": gettext_lazy("what to do"),
    "aspect": gettext_lazy("aspect"),
    "core": gettext_lazy("core"),
    "purpose": gettext_lazy("purpose"),
    "resource": gettext_lazy("resource"),
    "section": gettext_lazy("section"),
    "kind": gettext_lazy("kind"),
    "for_goals": gettext_lazy("recommended for"),
    "licence": gettext_lazy("licence"),
    "credit": gettext_lazy("credit"),
    "language": gettext_lazy("language"),
    "position": gettext_lazy("place"),
}


def _names_of(each: Any) -> tuple[Any, ...]:
    """By what a problem names one of a list; lists of texts, such as
    authors, have numbers only.
    """
    if isinstance(each, dict):
        return (each.get("slug"), each.get("id"))
    return ()


def in_plain_words(problem: str, document: Document) -> str:
    """`curriculum.steps[meet].intro: words` as “Meet”,
    introduction: words.
    """
    path, colon, message = problem.partition(": ")
    if not colon or not re.match(r"(curriculum|resources)\b", path):
        return problem
    value: Any = document
    names = []
    for name, inner in re.findall(r"\.?([a-z_-]+)(?:\[([^\]]+)\])?", path):
        if isinstance(value, dict):
            value = value.get(name)
        else:
            value = None
        if inner and isinstance(value, list):
            nth = number(inner)
            value = next(
                (
                    each
                    for n, each in enumerate(value, start=1)
                    if n == nth or inner in _names_of(each)
                ),
                None,
            )
        if isinstance(value, dict) and value.get("title"):
            names.append(f"“{value['title']}”")
        elif not isinstance(value, dict):
            names.append(str(FIELDS.get(name, name)))
    return f"{', '.join(names[-2:])}: {message}"
