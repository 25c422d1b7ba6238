"""Polls: one post in fifty, each with some votes, and one that most members voted in."""

from collections.abc import Iterator

from bench_site.group import PRIME, Group
from bench_site.loading import Row, load

OPTIONS = ("Diffusion models", "Graph networks", "Interpretability", "State spaces")
EVERY, FIRST = 50, 23  # of so many posts, the one with this remainder is a poll
VOTERS = 20  # of a poll
BUSY = 350  # the poll with most votes is the first after this, counted from the newest


def is_poll(post: int) -> bool:
    """Whether the post with this number, from 0, is a poll."""
    return post % EVERY == FIRST


class Polls:
    def __init__(self, group: Group) -> None:
        self.group = group
        self.size = group.size
        self.posts = [post + 1 for post in range(self.size.posts) if is_poll(post)]

    @property
    def busy(self) -> int:
        """The id of the poll with most votes."""
        return next(pk for pk in self.posts if pk > self.size.posts - BUSY)

    def polls(self) -> None:
        many = self.voters_of_all()
        load("community.Poll", POLL, self.poll_rows(), len(self.posts))
        load("community.PollOption", OPTION, self.option_rows(), 4 * len(self.posts))
        load("community.Ballot", BALLOT, self.ballot_rows(), many)
        load("community.BallotChoice", CHOICE, self.choice_rows(), many)

    def voters(self, poll: int) -> int:
        return self.size.loved if poll == self.busy else min(VOTERS, self.size.members)

    def voters_of_all(self) -> int:
        return sum(map(self.voters, self.posts))

    def poll_rows(self) -> Iterator[Row]:
        names = "\n".join(OPTIONS)
        for pk in self.posts:
            voters = str(self.voters(pk))
            yield str(pk), "single", "after", "0", "0", voters, names, "0"

    def option_rows(self) -> Iterator[Row]:
        for pk in self.posts:
            for nth, name in enumerate(OPTIONS):
                votes = len(range(nth, self.voters(pk), len(OPTIONS)))
                yield self.option(pk, nth), str(pk), name, str(nth + 1), str(votes)

    def option(self, poll: int, nth: int) -> str:
        return str((poll // EVERY) * len(OPTIONS) + nth + 1)

    def ballots(self) -> Iterator[tuple[int, int, int]]:
        """The id of each ballot, its poll, and the number of its voter."""
        ballot = 0
        for poll in self.posts:
            for voter in range(self.voters(poll)):
                ballot += 1
                yield ballot, poll, voter

    def ballot_rows(self) -> Iterator[Row]:
        for ballot, poll, voter in self.ballots():
            member = str(1 + (poll * 31 + voter * PRIME) % self.size.members)
            yield str(ballot), str(poll), member, self.group.hour(ballot % 2000)

    def choice_rows(self) -> Iterator[Row]:
        for ballot, poll, voter in self.ballots():
            option = self.option(poll, voter % len(OPTIONS))
            yield str(ballot), str(ballot), option, "1"


POLL = (
    *("post_id", "way", "results", "is_named", "may_add"),
    *("voter_count", "option_names", "to_tell"),
)
OPTION = "id", "poll_id", "name", "position", "vote_count"
BALLOT = "id", "poll_id", "member_id", "cast_at"
CHOICE = "id", "ballot_id", "option_id", "place"
