"""What stands around the pages of a member: the bar at the top, the
navigation, the tabs of a phone, the choice of a theme.

Each is a card (`look.cards`): a row holds all that it shows, and the token of its
form has a slot.
"""

from typing import Any, NamedTuple

from django.urls import ResolverMatch
from markupsafe import Markup

from look.cards import Cards

TOPBARS = Cards("look/_topbar.html", slots=("csrf_input", "bell"), most=1_000)
BELLS = Cards("look/_bell.html", most=200)
SIDES = Cards("look/_nav.html", most=1_000)
TABS = Cards("look/_tabs.html", most=1_000)
THEMES = Cards("look/_theme.html", slots=("csrf_input",), most=10)

# The pages that the member's own menu leads to, and marks.
IN_MENU = {
    "community:drafts",
    "pictures:mine",
    "bookmarks:list",
    "members:settings",
    "mail:preferences",
    "operate:health",
    "mail:runs",
    "mail:outbox",
    "curate:desk",
    "papers:feeds",
}
NOTIFICATIONS = "notifications:notifications"
SEARCH = "search:search"  # its page has a box of its own
# The pages that the navigation marks, by the app that they belong to.
BY_APP = {"curriculum": "learn", "papers": "papers", "progress": "progress"}


class Topbar(NamedTuple):
    """The name of the site, and the member's own menu."""

    site_name: str
    initials: str
    hue: int
    is_owner: bool  # the roles that are held, even where they do not count
    is_curator: bool
    holds_role: bool
    current: str = ""  # the page of the bar that is open, or nothing


MANY = 100  # that are unread; more are not counted


class Bell(NamedTuple):
    """How much the member has not read."""

    unread: int  # at most MANY
    is_current: bool = False

    @property
    def in_words(self) -> str:
        return f"{MANY - 1}+" if self.unread >= MANY else str(self.unread)


class MyStep(NamedTuple):
    """The step that the member is at."""

    curriculum_slug: str
    slug: str
    number: int


class Navigation(NamedTuple):
    """The pages that can be gone to, and the one that is open."""

    current: str  # "home", "learn", "papers", "progress", "my_step" or nothing
    my_step: MyStep | None

    def side(self) -> Markup:
        return SIDES(self)

    def tabs(self) -> Markup:
        return TABS(self)


def topbar(
    site_name: str,
    user: Any,
    csrf_input: object,
    match: ResolverMatch | None = None,
    unread: int = 0,
) -> Markup:
    """`user`: a member, as members.models.Member; `match`: of the page that is open;
    `unread`: how much the member has not read.
    """
    current = ""
    if match is not None and match.view_name in (*IN_MENU, SEARCH):
        current = match.view_name
    row = Topbar(
        site_name,
        user.initials,
        user.hue,
        is_owner=bool(user.owner_since),
        is_curator=bool(user.owner_since or user.curator_since),
        holds_role=user.holds_role,
        current=current,
    )
    is_current = match is not None and match.view_name == NOTIFICATIONS
    bell = BELLS(Bell(unread, is_current))
    return TOPBARS(row, csrf_input=csrf_input, bell=bell)


def navigation(match: ResolverMatch | None, where: Any, step_slug: str) -> Navigation:
    """`where`: the enrolment visited last, as progress.models.Enrollment, or None;
    `step_slug`: that of the page, if it is a step's.
    """
    my_step = None
    if where and where.step_slug:
        slug = where.curriculum.slug
        my_step = MyStep(slug, where.step_slug, where.step_number)
    return Navigation(_current(match, my_step, step_slug), my_step)


def _current(
    match: ResolverMatch | None, my_step: MyStep | None, step_slug: str
) -> str:
    if match is None:
        return ""
    if match.url_name == "step" and my_step and my_step.slug == step_slug:
        return "my_step"
    if match.url_name == "home":
        return "home"
    return BY_APP.get(match.app_name, "")


def theme_form(theme: str, csrf_input: object) -> Markup:
    """`theme`: "light" or "dark"; empty where the device chooses."""
    return THEMES(theme or "auto", csrf_input=csrf_input)
