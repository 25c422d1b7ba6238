"""Writing the conversations, in the order in which they were said."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import chain, starmap

from community import actions, threads
from community.models import Comment, Post
from demo.staging import Staged


def say(staged: Sequence[Staged]) -> list[Post | Comment]:
    """Write everything in the order in which it was said; gives back what
    was written.
    """
    written: list[Post | Comment] = []
    unsorted = chain.from_iterable(starmap(_deeds, enumerate(staged)))
    deeds = sorted(unsorted, key=lambda deed: deed[:3])
    posts: dict[int, Post] = {}
    comments: dict[int, Comment] = {}
    for at, _rank, number, spoken, parent in deeds:
        each = staged[number]
        if spoken is None:
            posts[number] = _post(each)
            written.append(posts[number])
        elif parent == "accept":
            actions.accept_answer(comments[id(spoken)], by=each.by, now=at)
        else:
            above = None
            if parent:
                above = comments[id(parent)]
            comment = actions.write_comment(
                posts[number], author=spoken.by, body=spoken.body, now=at, parent=above
            )
            comments[id(spoken)] = comment
            written.append(comment)
    return written


def _deeds(number: int, each: Staged) -> Iterable[tuple]:
    yield each.at, 0, number, None, None
    for spoken in each.comments:
        yield spoken.at, 1, number, spoken, None
        for reply in spoken.replies:
            yield reply.at, 2, number, reply, spoken
        if spoken.accepted:
            yield spoken.at + timedelta(minutes=2), 3, number, spoken, "accept"


def _post(each: Staged) -> Post:
    thread = each.thread
    by = each.by
    post = actions.write_post(
        by,
        body=thread.body,
        now=each.at,
        kind=thread.kind,
        title=thread.title,
        thread=_thread_of(each),
    )
    if thread.pinned:
        actions.pin(post, by=by, now=each.at + timedelta(minutes=1))
    return post


def _thread_of(each: Staged) -> threads.Thread:
    if each.step_key:
        return threads.of("step", each.step_key)
    if each.thread.paper:
        return threads.of("paper", each.thread.paper)
    return threads.of("group")
