"""Forms as somebody fills them in who may, so that the same can be sent by
everybody else.
"""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

from config.tests.world import World
from curriculum.models import Activity, Step
from curriculum.tests.documents import SMALL

Fields = dict[str, Any]

# What is typed or pressed, beside what the form of the page itself holds.
TYPED: dict[str, Fields | Callable[[World], Fields]] = {
    "members:onboarding": {"goal": "research", "goal_words": "To read papers"},
    "members:settings": {"goal_words": "To read more papers"},
    "members:prove": {"send": "1"},
    "members:theme": {"theme": "dark"},
    "progress:change_enrollment": lambda world: {
        "do": "pause",
        "until": (world.now + timedelta(days=9)).date().isoformat(),
    },
    "progress:mark": lambda world: {
        **_step_in_hand(world),
        "done": "1",
        "confidence": "4",
    },
    "progress:choose_route": {"do": "alongside"},
    "progress:step": {"do": "skip", "reason": "Known"},
    "progress:log_minutes": {"aspect": "math", "minutes": "25"},
    "bookmarks:one": {"done": "1"},
    "bookmarks:press": lambda world: {
        "kind": "paper",
        "key": world.parameters[""]["arxiv_id"],
        "wanted": "off",
    },
    "papers:keep": {"keep": "0"},
    "papers:hide": {"hide": "1"},
    "community:new_post": {
        "kind": "discussion",
        "title": "A thought",
        "body": "Here it is.",
    },
    "community:keep_draft": {"draft_for": "/posts/new/", "body": "Half of it"},
    "community:preview": {"title": "Half", "body": "of *it*"},
    "community:edit_post": {"title": "Why does it stop so early?"},
    "community:comment": {"body": "I see the same."},
    "community:react": {"same": "on"},
    "community:react_to_comment": {"thanks": "on"},
    "community:vote": {"back": "1"},
    "community:add_option": {"name": "Neither"},
    "community:poll": {"option1": "All of them"},
    "community:remove_option": {"option": "0"},
    "community:pin": {"wanted": "off"},
    "community:accept": {"wanted": "off"},
    "community:edit_comment": {"body": "Look at the rate first."},
    "mail:preferences": {"hour": "3"},
    "mail:preferences_by_link": {"hour": "3"},
    "notifications:watch": {"level": "muted"},
    "notifications:read": {"until": "4000000000000000-0"},
    "operate:forget_messages": {"newest": "999999"},
    "account_signup": {"name": "New Person", "email": "new@example.org"},
    "account_login": {"login": "nobody@example.org", "password": "a wrong one indeed"},
    "account_request_login_code": {"email": "nobody@example.org"},
    "account_reset_password": {"email": "nobody@example.org"},
    "account_email": {"action_add": "", "email": "second@example.org"},
    "account_set_password": {
        "password1": "a long one indeed",
        "password2": "a long one indeed",
    },
    "curate:draft": {"summary": "Another summary."},
    "curate:publish": {"changelog": "A title is better."},
    "curate:move": lambda world: {
        "kind": "step",
        "down": Step.objects.order_by("position", "pk")[0].pk,
    },
    "curate:retire": lambda world: {
        "kind": "activity",
        "retire": Activity.objects.order_by("pk")[0].pk,
    },
    "curate:new_step": {"title": "A new step", "slug": "a-new-step"},
    "curate:step": {"title": "Another title"},
    "curate:new_route": {"title": "A new way", "slug": "a-new-way"},
    "curate:route": {"title": "Another way"},
    "curate:new_activity": {
        "title": "A new thing",
        "do": "read",
        "aspect": "run",
        "minutes": "20",
    },
    "curate:activity": {"title": "Another thing to do"},
    "admin:curriculum_curriculum_import": {
        "text": SMALL.replace("title: ", "title: New ", 1),
        "import": "1",
    },
    "admin:curriculum_curriculum_add": {"title": "A new way", "slug": "a-new-way"},
    "admin:curriculum_step_add": lambda world: {
        "title": "A new step",
        "slug": "a-new-step",
        "curriculum": Step.objects.all()[0].curriculum_id,
    },
    "admin:curriculum_route_add": lambda world: {
        "title": "A new route",
        "slug": "a-new-route",
        "step": Step.objects.all()[0].pk,
    },
    "admin:curriculum_activity_add": lambda world: {
        "title": "A new thing",
        "do": "read",
        "aspect": "run",
        "step": Step.objects.all()[0].pk,
    },
    "admin:curriculum_resource_add": {
        "title": "A new book",
        "slug": "a-new-book",
        "kind": "book",
        "url": "https://a.org",
    },
    "admin:papers_feed_add": {"category": "cs.AI"},
    "admin:mail_preference_add": lambda world: {"member": world["curator"].pk},
}
PRESSED, TICKED = {"submit", "button", "image", "file"}, {"checkbox", "radio"}


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and the fields
    as they stand.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, Fields]] = []
        # of the form that is being read; those outside of forms go nowhere
        self.fields: Fields = {}
        self.select, self.area = "", ""

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        given = {name: value or "" for name, value in attributes}
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "form":
            self.fields = {}
            if given.get("method", "").lower() == "post":
                self.found.append((given.get("action", ""), self.fields))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in given:
                self.fields[self.select] = given.get("value", "")
            else:
                self.fields.setdefault(self.select, given.get("value", ""))
        elif tag == "textarea":
            self.area = name
            self.fields[name] = ""
        elif (
            tag == "input"
            and name
            and kind not in PRESSED
            and (kind not in TICKED or "checked" in given)
        ):
            self.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.fields = {}
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[self.area] += data


def filled(route: str, path: str, clients: list[Client], world: World) -> Fields:
    """What is sent to an address: the form of its own page, as the first
    of `clients` sees it, and what is typed.
    """
    typed = TYPED.get(route, {})
    return {**_of_page(path, clients), **(typed(world) if callable(typed) else typed)}


def _of_page(path: str, clients: list[Client]) -> Fields:
    for client in clients:
        answer = client.get(path)
        if (
            answer.status_code == 200
            and not answer.streaming
            and "html" in answer.headers.get("Content-Type", "")
        ):
            reader = Forms()
            reader.feed(answer.content.decode())
            own = [
                fields
                for action, fields in reader.found
                if urlsplit(urljoin(path, action)).path == path
            ]
            if own:
                longest = max(own, key=len)
                return {
                    name: value.removeprefix("\n")
                    for name, value in longest.items()
                    if "csrf" not in name
                }
    return {}


def _step_in_hand(world: World) -> Fields:
    known = world.parameters[""]
    step = Activity.objects.get(key=known["activity_key"]).step
    return {"in": known["slug"], "step": step.slug}
