"""Reactions to posts and comments."""

from collections.abc import Iterator
from functools import cached_property

from bench_site.group import PRIME, Group
from bench_site.loading import Row, load

REACTIONS = ("helped", "thanks", "same")
COUNTERS = tuple(f"{kind}_count" for kind in REACTIONS)
LOVED = 300  # the post with most reactions, counted from the newest


class Reactions:
    """Who reacted to what; four of ten reactions are to posts."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.size = group.size

    def reactions(self) -> None:
        columns = ("member_id", "post_id", "comment_id", "kind", "reacted_at")
        many = self.size.reactions + self.size.loved
        load("community.Reaction", columns, self.reaction_rows(), many)

    @cached_property
    def per_post(self) -> int:
        return self.size.reactions * 4 // 10 // self.size.posts

    @property
    def loved(self) -> int:
        return self.size.posts - LOVED + 1

    def reactions_to_post(self, post: int) -> range:
        """The numbers of its reactions, each of which has a kind."""
        return range(self.size.loved if post == self.loved else self.per_post)

    def reactions_to_comment(self, comment: int) -> range:
        left = self.size.reactions - self.per_post * (self.size.posts - 1)
        return range(comment - 1, left, self.size.comments)

    def counted(self, numbers: range) -> tuple[str, ...]:
        """How many of them are of each kind."""
        found = [0] * len(REACTIONS)
        for number in numbers:
            found[number % len(REACTIONS)] += 1
        return tuple(map(str, found))

    def reaction_rows(self) -> Iterator[Row]:
        """Four of ten to posts; the newest posts have as many as
        the oldest.
        """
        size = self.size
        for post in range(1, size.posts + 1):
            for number in self.reactions_to_post(post):
                start = 0 if post == self.loved else post * 31
                member = str(1 + (start + number * PRIME) % size.members)
                yield member, str(post), None, *self.reaction(post + number, number)
        for comment in range(1, size.comments + 1):
            for number in self.reactions_to_comment(comment):
                member = str(1 + number * PRIME % size.members)
                yield member, None, str(comment), *self.reaction(number, number)

    def reaction(self, hour: int, number: int) -> tuple[str, str]:
        return REACTIONS[number % len(REACTIONS)], self.group.hour(hour % 2000)
