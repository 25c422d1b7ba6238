"""What the world of the tests has no room for: a post of each kind, a poll in each
state, a notification of each kind, and a discussion of more than one page.
"""

from datetime import datetime, timedelta
from itertools import product

import community.actions as talk
from community import kinds
from community.actions import polls
from community.models import Poll, Post
from community.polls.shown import visible_poll
from config.tests.world import World
from members.models import Member
from notifications.models import Notification
from pictures.models import Upload

LONG_THREAD = 30  # more comments, and more former texts, than a page shows
RICH = """Look at $\\nabla_\\theta L$ and at **this**:

$$\\sum_{i=1}^n x_i^2$$

| Rate | Loss |
|-----:|:-----|
| 0.1  | 2.3  |

1. One
   - a part of it
2. Two

> Said before

```python
x = 1
```

![A curve](picture:%s)
"""


def fill(world: World) -> None:
    """Give the group a page of each sort, and some pages more than one."""
    lengthen(world)
    _polls(world)
    for post in _posts(world):
        for author in (world["member"], world["other"]):
            talk.write_comment(post, author=author, body="A try: 1.", now=world.now)
    _notifications(world)


def lengthen(world: World) -> None:
    """Give a discussion, and a text its history, more than one page."""
    post = Post.objects.get(pk=world.parameters["community:post"]["pk"])
    for number in range(LONG_THREAD):
        at = world.now - timedelta(minutes=4) + timedelta(seconds=number)
        talk.write_comment(post, author=world["other"], body=f"Idea {number}", now=at)
        post = talk.edit_post(
            post,
            by=world["member"],
            title=post.title,
            body=f"It stops at {number}.\n\n```python\nx = {number}\n```",
            seen_edited_at=post.edited_at,
            now=at,
        )


def _posts(world: World) -> list[Post]:
    """One of each kind that needs no poll, with all that a text can hold."""
    now = world.now - timedelta(hours=2)
    upload = Upload.objects.get(owner=world["moderator"])
    posts = [
        talk.write_post(
            world["moderator"],
            kind=name,
            title=f"A {name}",
            body=RICH % upload.key,
            details={"answer": "It is *there*."},
            now=now,
        )
        for name in kinds.KINDS
        if name != "poll"
    ]
    own = talk.write_post(
        world["member"],
        kind="mistake",
        title="Where?",
        body="1 + 1 = 3",
        details={"answer": "In the sum."},
        now=now,
    )
    return [*posts, own]


def _polls(world: World) -> None:
    """Each way to vote with results at each time, open, and closed after a vote."""
    now = world.now - timedelta(hours=3)
    for way, results in product(Poll.Way.values, Poll.VotesShown.values):
        for is_closed in (False, True):
            title = f"{way}, {results}, closed: {is_closed}"
            post = _poll(world, title, {"way": way, "results": results}, now)
            for voter in (world["curator"], world["member"]):
                _vote(post, voter, now)
            if is_closed:
                polls.close_poll(post, by=world["owner"], now=now)


def _poll(world: World, title: str, choices: dict[str, str], now: datetime) -> Post:
    names = {f"option{n}": f"Layer {n}" for n in range(1, 5)}
    return talk.write_post(
        world["owner"],
        kind="poll",
        title=title,
        body="",
        details={**names, **choices},
        now=now,
    )


def _vote(post: Post, voter: Member, now: datetime) -> None:
    shown = visible_poll(voter, post.pk, now)
    assert shown
    most = 1 if shown.way == Poll.Way.SINGLE else 3
    chosen = [each.pk for each in shown.options[:most]]
    polls.vote(shown, by=voter, options=chosen, now=now)


def _notifications(world: World) -> None:
    """One of each kind, unread and read, below a post and its first comment."""
    post = Post.objects.get(pk=world.parameters["community:post"]["pk"])
    for role, read_at in (("member", None), ("other", world.now)):
        for kind in Notification.Kind.values:
            Notification.objects.update_or_create(
                member=world[role],
                post=post,
                kind=kind,
                target=0,
                defaults={
                    "comment": post.comments.order_by("pk").first(),
                    "happened_at": world.now,
                    "read_at": read_at,
                },
            )
