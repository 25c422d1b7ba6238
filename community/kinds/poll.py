"""A poll: one answer, several, or a ranking. Its table is community/models/polls.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.kinds.base import Filter, PostKind, Text
from members.models import Member

if TYPE_CHECKING:
    from community.listed import ListedPost
    from community.models import Poll, Post
    from community.polls.page import PollPage
    from community.polls.shown import ShownPoll

OPTION_LENGTH = 120
LEAST_OPTIONS, MOST_OPTIONS = 2, 12
OPTIONS = [f"option{number}" for number in range(1, MOST_OPTIONS + 1)]
OPEN_AT_MOST = timedelta(days=366)
Key = TypeVar("Key")


class PollKind(PostKind):
    name = "poll"
    label = gettext_lazy("Poll")
    icon = "vote"
    prompt = gettext_lazy("Say more about the question, %(name)s, if you like.")
    page_title = gettext_lazy("New poll")
    reactions = ("thanks",)
    needs_title = gettext_lazy(
        "A poll needs a title: ask the question in one sentence."
    )
    needs_text = False
    form_template = "community/_poll_fields.html"
    row_template = "community/_poll_in_list.html"
    page_template = "community/_poll_on_page.html"
    filters = (
        Filter(
            "polls",
            gettext_lazy("Polls"),
            lambda posts, member: posts.of_kind(PollKind.name),
        ),
    )

    def fields(self) -> dict[str, forms.Field]:
        from community.models.polls import Poll

        return {
            **{
                name: option_field(_("Option %(n)s") % {"n": n})
                for n, name in enumerate(OPTIONS, 1)
            },
            "way": _choice(gettext_lazy("How to vote"), Poll.Way.choices),
            "results": _choice(
                gettext_lazy("Who sees the votes, and when"), Poll.VotesShown.choices
            ),
            "closes_at": ClosingField(),
            "may_add": forms.BooleanField(
                label=gettext_lazy("Members may add options"), required=False
            ),
            "is_named": forms.BooleanField(
                label=gettext_lazy("Show with names who chose what"),
                help_text=gettext_lazy("Otherwise votes are secret, also for you."),
                required=False,
            ),
        }

    def clean(self, values: dict[str, Any]) -> dict[str, Text]:
        errors = super().clean(values)
        values.setdefault("body", "")
        return errors | wrong_names({name: values.get(name, "") for name in OPTIONS})

    def save_details(self, post: "Post", details: Mapping[str, Any]) -> None:
        from community.models.polls import Poll, PollOption, names_of

        names = [details[name] for name in OPTIONS if details.get(name)]
        poll = Poll.objects.create(
            post=post,
            way=details.get("way") or Poll.Way.SINGLE,
            results=details.get("results") or Poll.VotesShown.AFTER,
            closes_at=details.get("closes_at"),
            may_add=details.get("may_add", False),
            is_named=details.get("is_named", False),
            option_names=names_of(names),
        )
        PollOption.objects.bulk_create(
            PollOption(poll=poll, name=name, position=position)
            for position, name in enumerate(names, 1)
        )

    def details_of(
        self, posts: "Sequence[ListedPost]", reader: Member
    ) -> "Mapping[int, ShownPoll]":
        from community.polls.shown import polls_of

        return polls_of([post.pk for post in posts], reader, timezone.now())

    def for_page(
        self, post: "Post", reader: Member, asked: Mapping[str, str]
    ) -> "PollPage | None":
        from community.polls.page import poll_page

        return poll_page(post, reader, timezone.now(), looks="results" in asked)

    def search_text(self, post: "Post") -> str:
        poll = getattr(post, "poll", None)
        return poll.option_names if poll else ""

    def snippet(self, post: "Post", now: datetime) -> str:
        poll = getattr(post, "poll", None)
        if poll is None:
            return super().snippet(post, now)
        voted = ngettext("%(n)s has voted", "%(n)s have voted", poll.voter_count)
        parts = [voted % {"n": poll.voter_count}]
        if until := _until(poll, now):
            parts.append(until)
        return ", ".join(parts)


class ClosingField(forms.DateTimeField):
    """When a poll closes, as a moment in the zone of whoever writes it."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Closes"),
            help_text=lazystr(_ZoneHint()),
            required=False,
            widget=forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
            ),
            error_messages={"invalid": gettext_lazy("Enter a day and a time.")},
        )

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        if moment is None:
            return None
        now = timezone.now()
        if moment <= now:
            raise forms.ValidationError(_("Choose a time in the future."))
        if moment > now + OPEN_AT_MOST:
            raise forms.ValidationError(_("A poll is open for a year at most."))
        return moment


class _ZoneHint:
    """The hint in words when it is shown: it names the zone of the reader."""

    def __str__(self) -> str:
        zone = timezone.get_current_timezone_name().replace("_", " ")
        return _("In your time zone, %(zone)s. Without a time it stays open.") % {
            "zone": zone
        }


def option_field(
    label: Text, *, required: bool = False, initial: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        max_length=OPTION_LENGTH,
        required=required,
        initial=initial,
        widget=forms.TextInput(attrs={"placeholder": label}),
        error_messages={
            "required": gettext_lazy("Write something first."),
            "max_length": gettext_lazy(
                "An option has at most %(limit_value)d characters; this one has "
                "%(show_value)d."
            ),
        },
    )


def _choice(label: Text, choices: Sequence[tuple[str, Text]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,  # type: ignore[arg-type]
        choices=choices,
        initial=choices[0][0],
        required=False,
        widget=forms.RadioSelect,
    )


def wrong_names(names: Mapping[Key, str]) -> dict[Key, Text]:
    """What is wrong with the options of a poll, by their keys: one that is there twice,
    too many, or too few. An empty name is no option; the first one gets the sentence that
    there are too few, so `names` must have one.
    """
    filled = {key: name for key, name in names.items() if name}
    known: set[str] = set()
    errors: dict[Key, Text] = {}
    for key, name in filled.items():
        if name.casefold() in known:
            errors[key] = _("“%(name)s” is there twice.") % {"name": name}
        known.add(name.casefold())
    if len(filled) < LEAST_OPTIONS:
        empty = next(key for key in names if key not in filled)
        errors[empty] = _("A poll needs at least two options.")
    if len(filled) > MOST_OPTIONS:
        errors[next(reversed(filled))] = _("A poll has at most %(n)s options.") % {
            "n": MOST_OPTIONS
        }
    return errors


def _until(poll: "Poll", now: datetime) -> str:
    """How long the poll is still open, for mails, whose readers have several zones."""
    if not poll.is_open_at(now):
        return _("closed")
    if poll.closes_at is None:
        return ""
    hours = (poll.closes_at - now) // timedelta(hours=1)
    if hours < 24:
        return _("closes within a day")
    days = hours // 24
    return ngettext("closes in %(n)s day", "closes in %(n)s days", days) % {"n": days}
