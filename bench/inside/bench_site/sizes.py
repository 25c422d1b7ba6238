"""How much there is of everything."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    members: int
    posts: int
    comments: int
    long_thread: int  # comments below the one long thread
    papers: int
    paper_days: int
    reactions: int  # spread over posts and comments
    loved: int  # reactions to one post, on top of those
    records: int  # a member; the other numbers below too
    minutes: int
    events: int
    readings: int
    told: int  # notifications
    told_most: int  # of the one member in a hundred who has most of them
    watchers: int  # of one post


SIZES = {
    "tiny": Size(60, 450, 2_000, 500, 120, 4, 1_500, 60, 4, 3, 10, 1, 10, 40, 20),
    "small": Size(
        *(4_000, 2_000, 40_000, 500, 2_000, 20, 36_400, 4_000, 20, 12, 50, 3),
        *(50, 2_000, 400),
    ),
    "large": Size(
        members=100_000,
        posts=50_000,
        comments=1_000_000,
        long_thread=500,
        papers=20_000,
        paper_days=60,
        reactions=900_000,
        loved=10_000,
        records=20,
        minutes=12,
        events=50,
        readings=3,
        told=50,
        told_most=2_000,
        watchers=10_000,
    ),
}
