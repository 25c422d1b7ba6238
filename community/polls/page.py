"""A poll on the page of its post."""

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from community.models import Post
from community.polls.allowed import allowed
from community.polls.rounds import ShownRound, shown_rounds
from community.polls.shown import ShownPoll, poll_of
from look.cards import Cards
from members.models import Member

CARDS = Cards("community/_poll_card.html", slots=("csrf_input",), most=1_000)


@dataclass(frozen=True, slots=True)
class Typed:
    """The name of an option that was refused, and why."""

    name: str
    error: str


@dataclass(frozen=True, slots=True)
class PollPage:
    poll: ShownPoll
    may_change: bool  # options and closing
    rounds: list[ShownRound] = field(default_factory=list)
    error: str = ""  # why a vote was refused
    added: Typed | None = None

    @property
    def is_refused(self) -> bool:
        return bool(self.error or self.added)

    def card(self, csrf_input: str) -> Markup:
        """The HTML of the poll, unless a form was refused."""
        return CARDS(self.poll, csrf_input=csrf_input)


def poll_page(
    post: Post, reader: Member, now: datetime, *, looks: bool
) -> PollPage | None:
    """None for a post whose poll is missing. `looks`: the reader asks for the votes before
    voting. One query, and two for the rounds of a ranked poll that is closed.
    """
    poll = poll_of(post.pk, reader, now, looks=looks)
    if poll is None:
        return None
    has_rounds = poll.is_ranked and not poll.is_open
    return PollPage(
        poll,
        may_change=allowed(post, reader, is_open=poll.is_open).changes,
        rounds=shown_rounds(post.pk) if has_rounds else [],
    )
