"""Questions like one that a member types, with their accepted answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from community.folding import fold_below
from community.models import Post
from community.models.posts import PostQuerySet
from community.subjects import Subject, subject_named
from documents.alike import alike
from documents.likeness import TypedQuestion
from members.models import Member
from text import plain

SHOWN = 3
WORDS_LEAST = 3  # of a title, before anything is looked for
ANSWER = 240  # characters
COLUMNS = (
    *("title", "kind", "posted_at", "comment_count", "same_count", "author_id"),
    *("accepted_comment_id", "thread__kind", "thread__key"),
    *("accepted_comment__body", "accepted_comment__author__name"),
    "accepted_comment__author_id",
)


@dataclass(frozen=True, slots=True)
class SimilarQuestion:
    post: Post
    subject: Subject | None
    answer: str  # plain text of the accepted one, or that it is folded; empty for none
    answered_by: str
    is_mine: bool


def similar(
    reader: Member, title: str, body: str, *, leave_out: int = 0
) -> list[SimilarQuestion]:
    """Up to three questions that `reader` may see and that are like this one, the
    nearest first; none where none is close, or before the title has three words. One that
    is joined to another gives that one. Three queries.
    """
    if not is_enough(title):
        return []
    posts = Post.objects.visible_to(reader).filter(kind="question")
    posts = posts.exclude(pk=leave_out)
    near = alike(TypedQuestion.of(title, body), posts.values("pk"), most=2 * SHOWN)
    keys = [each.object_id for each in near]
    joined = dict(posts.filter(pk__in=keys).values_list("pk", "joined_to"))
    shown = _read(posts, {*keys, *filter(None, joined.values())}, reader)
    ends = [shown.get(joined.get(key) or key) or shown.get(key) for key in keys]
    return [each for each in dict.fromkeys(ends) if each][:SHOWN]


def is_enough(title: str) -> bool:
    return len(title.split()) >= WORDS_LEAST


def _read(
    posts: PostQuerySet, keys: Iterable[int], reader: Member
) -> Mapping[int, SimilarQuestion]:
    rows = posts.filter(pk__in=list(keys)).with_thread().with_reactions_of(reader)
    rows = rows.select_related("accepted_comment__author").only(*COLUMNS)
    rows = rows.with_closed(reader)
    return {post.pk: _shown(post, reader) for post in rows}


def _shown(post: Post, reader: Member) -> SimilarQuestion:
    accepted, answer = post.accepted_comment, ""
    if accepted:
        fold = fold_below(post, accepted.author_id, reader)
        answer = fold.words if fold else plain(accepted.body, ANSWER)
    return SimilarQuestion(
        post=post,
        subject=subject_named(post.thread.kind, post.thread.key, post.paper_title_html),
        answer=answer,
        answered_by=accepted.author.name if accepted else "",
        is_mine=post.author_id == reader.pk,
    )
