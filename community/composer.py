"""The short form above a list of posts."""

from typing import NamedTuple

from django.db import connection
from django.urls import reverse
from markupsafe import Markup

from community import kinds
from community.forms import PostForm
from community.subjects import Subject, fields_of
from look.cards import Cards
from members import unsent
from members.models import Member
from members.requests import MemberRequest

SHORT_FORMS = Cards("community/_short_form.html", slots=("csrf_input",), most=500)


class ShortForm(NamedTuple):
    """The empty form: what it shows, as the key of its cached card."""

    pk: int
    name: str
    email: str
    kinds: tuple[str, ...]
    subject: Subject | None

    @property
    def is_empty(self) -> bool:
        return True

    def html(self, csrf_input: str) -> Markup:
        return SHORT_FORMS(self, csrf_input=csrf_input)

    @property
    def member(self) -> Member:
        """The member, with only the columns that are shown."""
        values = [self.pk, self.email, self.name]
        return Member.from_db(connection.alias, ["id", "email", "name"], values)

    @property
    def form(self) -> PostForm:
        offered = [kinds.of(name) for name in self.kinds]
        initial = {"kind": kinds.DEFAULT, **fields_of(self.subject)}
        return PostForm(member=self.member, offered=offered, initial=initial)


def composer(request: MemberRequest, subject: Subject | None) -> PostForm | ShortForm:
    """The form that writes to the feed or to the thread about `subject`. It holds the
    text of an ended session, if there is one.
    """
    typed = unsent.take(request, reverse("community:new_post"))
    if not typed:
        return empty_composer(request, subject)
    initial = {"kind": kinds.DEFAULT, **fields_of(subject), **typed}
    return PostForm(member=request.member, initial=initial)


def empty_composer(request: MemberRequest, subject: Subject | None) -> ShortForm:
    member = request.member
    offered = tuple(kind.name for kind in kinds.written_by(member))
    return ShortForm(member.pk, member.name, member.email, offered, subject)
