"""The form above a list of posts, and the one below a post; cached while they are empty."""

from typing import NamedTuple

from django.urls import reverse
from markupsafe import Markup

from community import kinds
from community.forms import CommentForm, PostForm, first_word
from community.kinds.base import PostKind
from community.models import Post
from community.subjects import Subject, fields_of
from look.cards import Cards
from members import unsent
from members.models import Member
from members.requests import MemberRequest

SHORT_FORMS = Cards(
    "community/_short_form.html",
    slots=("csrf_input", "name", "hue", "initials"),
    most=500,
)
COMMENT_FORMS = Cards(
    "community/_empty_comment_form.html",
    slots=("csrf_input", "address", "label"),
    most=50,
)


class ShortForm(NamedTuple):
    """The empty form: what it shows to whoever writes, as the key of its cached card."""

    kinds: tuple[str, ...]
    subject: Subject | None

    def form_for(self, name: str) -> PostForm:
        """The form for a member whose name begins with `name`."""
        offered = [kinds.of(kind) for kind in self.kinds]
        initial = {"kind": kinds.DEFAULT, **fields_of(self.subject)}
        return PostForm(member=Member(name=name), offered=offered, initial=initial)


class EmptyComposer(NamedTuple):
    row: ShortForm
    member: Member

    @property
    def is_empty(self) -> bool:
        return True

    def html(self, csrf_input: str) -> Markup:
        return SHORT_FORMS(self.row, csrf_input=csrf_input, **self.slots)

    @property
    def slots(self) -> dict[str, object]:
        member = self.member
        name = first_word(member.name)
        return {"name": name, "hue": member.hue, "initials": member.initials}


def composer(
    request: MemberRequest, subject: Subject | None
) -> PostForm | EmptyComposer:
    """The form that writes to the feed or to the thread about `subject`. It holds the
    text of an ended session, if there is one.
    """
    typed = unsent.take(request, reverse("community:new_post"))
    if not typed:
        return empty_composer(request, subject)
    initial = {"kind": kinds.DEFAULT, **fields_of(subject), **typed}
    return PostForm(member=request.member, initial=initial)


def empty_composer(request: MemberRequest, subject: Subject | None) -> EmptyComposer:
    member = request.member
    offered = tuple(kind.name for kind in kinds.written_by(member))
    return EmptyComposer(ShortForm(offered, subject), member)


class CommentFormRow(NamedTuple):
    """The form below any post of a kind, before anything is typed: the key of its card."""

    kind: str

    @property
    def traits(self) -> PostKind:
        return kinds.of(self.kind)

    @property
    def form(self) -> CommentForm:
        return CommentForm()


class EmptyCommentForm(NamedTuple):
    """The form of a comment that is no reply, before anything is typed."""

    row: CommentFormRow
    address: str
    label: str

    @classmethod
    def of(cls, post: Post, member: Member) -> "EmptyCommentForm":
        """The one that `member` sees below `post`. No query."""
        label = post.traits.comment_label(
            post.author.name,
            is_mine=post.author_id == member.pk,
            is_folded=post.is_closed,
        )
        address = reverse("community:comment", args=[post.pk])
        return cls(CommentFormRow(post.kind), address, label)

    @property
    def is_empty(self) -> bool:
        return True

    def html(self, csrf_input: str) -> Markup:
        return COMMENT_FORMS(
            self.row, csrf_input=csrf_input, address=self.address, label=self.label
        )
