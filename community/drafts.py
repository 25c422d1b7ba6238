"""The drafts of a member: which form each belongs to, and what it is called."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

from django.db.models import QuerySet
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community import kinds
from community.models import Comment, Draft, Post
from config.values import BIGGEST, key
from members.models import Member
from text import plain_title

# The forms whose text is kept, and what their drafts are called without a title.
NEW_POST, COMMENT = "community:new_post", "community:comment"
EDIT_POST, EDIT_COMMENT = "community:edit_post", "community:edit_comment"
DRAFTED = {NEW_POST, COMMENT, EDIT_POST, EDIT_COMMENT}
# Fields that say what a text is about or below: other values are another form.
ABOUT = ("step", "activity", "resource", "paper", "parent")
ADDRESS_MAX = 200  # characters, of the column


class Target(NamedTuple):
    """The post that a draft belongs to, or the post of the comment that it changes."""

    pk: int  # of what the address of the form names
    post_id: int
    title: str
    kind: str

    @property
    def name(self) -> str:
        return plain_title(self.title) or str(kinds.of(self.kind).label)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as a list shows it."""

    draft: Draft
    page: ResolverMatch | None
    target: Target | None  # None for a new post, and where it is gone

    @property
    def is_gone(self) -> bool:
        """Whether what it belongs to is no longer there."""
        return self.page is None or bool(self.page.kwargs and not self.target)

    @property
    def name(self) -> str:
        if self.target:
            return self.target.name
        return plain_title(self.draft.title) or self.draft.beginning or _("No title")

    @property
    def kind(self) -> str:
        """What it becomes, such as “Answer”."""
        view = self.page.view_name if self.page else ""
        if view in (EDIT_POST, EDIT_COMMENT):
            return _("Edit")
        if view == COMMENT and "parent=" in self.draft.address:
            return _("Reply")
        if view == COMMENT:
            kind = self.target.kind if self.target else kinds.DEFAULT
            return str(kinds.of(kind).comment)
        return str(kinds.of(self.draft.kind).label)

    @property
    def words(self) -> str:
        count = self.draft.word_count
        return ngettext("%(n)s word", "%(n)s words", count) % {"n": count}

    @property
    def url(self) -> str:
        """The page with its form and its text; that of the draft where there is none."""
        if self.is_gone or self.page is None:
            return reverse("community:draft", args=[self.draft.key])
        about = parse_qs(self.draft.address.partition("?")[2])
        query = urlencode({**about, "draft": self.draft.key}, doseq=True)
        if self.page.view_name == COMMENT and self.target:
            return f"{_post_url(self.target)}?{query}#comment-form"
        return f"{self.draft.path}?{query}"


def _post_url(target: Target) -> str:
    return reverse("community:post", args=[target.post_id])


def address_of(path: str, fields: Mapping[str, str]) -> str:
    """The address under which drafts of the form at `path` are kept.

    What makes it too long names nothing that there is, and is left out.
    """
    about = {name: fields[name] for name in ABOUT if fields.get(name)}
    address = f"{path}?{urlencode(about)}" if about else path
    return address if len(address) <= ADDRESS_MAX else path[:ADDRESS_MAX]


def form_at(path: str) -> ResolverMatch | None:
    """The page of a form whose text is kept; None for any other address."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    is_ours = match.view_name in DRAFTED and match.kwargs.get("pk", 0) <= BIGGEST
    return match if is_ours else None


def draft_of(member: Member, typed: str, path: str = "") -> Draft | None:
    """The member's draft whose key was typed in an address, if it belongs to the form at
    `path`. One query for what is a key.
    """
    wanted = key(typed)
    if wanted is None:
        return None
    draft = Draft.objects.of(member).filter(key=wanted).first()
    return draft if draft and path in ("", draft.path) else None


def newest(member: Member, address: str) -> DraftRow | None:
    """The newest draft of the form at `address`. At most two queries."""
    drafts = Draft.objects.of(member).filter(address=address)
    return next(iter(_rows(member, drafts.newest_first()[:1])), None)


def drafts_of(member: Member) -> list[DraftRow]:
    """The member's drafts, the newest first. At most three queries."""
    return _rows(member, Draft.objects.of(member).newest_first())


def row_of(member: Member, draft: Draft) -> DraftRow:
    """One draft as a list shows it. At most one query."""
    page = form_at(draft.path)
    return DraftRow(draft, page, _targets(member, [page]).get(draft.path))


def _rows(member: Member, drafts: QuerySet[Draft]) -> list[DraftRow]:
    listed = [(draft, form_at(draft.path)) for draft in drafts.only(*Draft.LISTED)]
    targets = _targets(member, [page for _draft, page in listed])
    return [DraftRow(draft, page, targets.get(draft.path)) for draft, page in listed]


def _targets(
    member: Member, pages: Iterable[ResolverMatch | None]
) -> dict[str, Target]:
    """What the member may see of the posts and comments that drafts belong to, by the
    address of the form.
    """
    named = [page for page in pages if page and page.kwargs]
    changed = {page.kwargs["pk"] for page in named if page.view_name == EDIT_COMMENT}
    others = {page.kwargs["pk"] for page in named if page.view_name != EDIT_COMMENT}
    posts, comments = _posts(member, others), _comments(member, changed)
    return {
        reverse(page.view_name, kwargs=page.kwargs): target
        for page in named
        if (target := _target(page, posts, comments))
    }


Targets = Mapping[int, Target]


def _target(page: ResolverMatch, posts: Targets, comments: Targets) -> Target | None:
    among = comments if page.view_name == EDIT_COMMENT else posts
    return among.get(page.kwargs["pk"])


def _posts(member: Member, keys: Collection[int]) -> Targets:
    posts = Post.objects.visible_to(member).filter(pk__in=keys)
    rows = posts.values_list("pk", "pk", "title", "kind") if keys else ()
    return {row[0]: Target(*row) for row in rows}


def _comments(member: Member, keys: Collection[int]) -> Targets:
    comments = Comment.objects.visible_to(member).filter(pk__in=keys)
    columns = ("pk", "post_id", "post__title", "post__kind")
    rows = comments.values_list(*columns) if keys else ()
    return {row[0]: Target(*row) for row in rows}
