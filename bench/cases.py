"""What is measured: the pages and deeds of a member who is signed in, each with its goal as a ratio to F1."""

from collections.abc import Callable, Iterator
from itertools import cycle

from django.test import Client
from django.urls import reverse

from community.cursors import Cursor
from community.models import Post
from curriculum.models import Release
from members.models import Member

PAGE, DEED = "2.5", "1.5"
HTMX = {"HX-Request": "true"}


def cases(client: Client) -> Iterator[tuple[str, str, Callable[[], object]]]:
    """Name, goal (times F1) and the request itself."""
    member = Member.objects.order_by("pk")[5]
    client.force_login(member)
    release = Release.objects.newest().select_related("curriculum").order_by("pk")[0]
    outline = release.outline
    step = outline.steps[2]
    newest = Post.objects.order_by("-active_at", "-pk")[0]
    pages = {
        "feed, first page": reverse("home"),
        "thread of 20 comments": newest.get_absolute_url(),
        "curriculum": reverse("curriculum:curriculum", args=[outline.slug]),
        "step": reverse("curriculum:step", args=[outline.slug, step.slug]),
        "papers of the day": reverse("papers:today"),
        "progress": reverse("progress:overview"),
    }
    for name, address in pages.items():
        yield name, PAGE, lambda a=address: client.get(a)
    deep = Post.objects.order_by("active_at", "pk")[500]
    cursor = Cursor(deep.active_at, deep.pk)
    yield "feed, last pages", PAGE, lambda: client.get(f"/?before={cursor}")
    mark, place = reverse("progress:mark", args=[step.activities[0].key]), {"in": outline.slug, "step": step.slug}
    presses = cycle([{"done": "1"}, {"undo": "done"}])  # in turn, so that each changes something
    yield "mark done or undo (htmx)", DEED, lambda: client.post(mark, {**place, **next(presses)}, headers=HTMX)
    react = reverse("community:react", args=[newest.pk])
    wanted = cycle(["on", "off"])
    yield (
        "react (htmx)",
        DEED,
        lambda: client.post(react, {"helped": next(wanted)}, headers=HTMX),
    )
