"""The signed links of a mail: they know whose mail it was and ask for no sign-in.

A link holds the member's counter of links and a mark of the address that it was sent
to. It ends when she has old links ended, and when her address changes. Links of before
that hold neither; they are links of the counter's first value.
"""

from datetime import timedelta

from django.core.signing import BadSignature, Signer, TimestampSigner
from django.utils.crypto import salted_hmac

from mail.models import What, preference_of
from members.models import Member

# no date: the link of an old mail must still stop the next one
_UNSUBSCRIBE = Signer(salt="mail.unsubscribe")
_PREFERENCES = TimestampSigner(salt="mail.preferences")
PREFERENCES_LAST = timedelta(days=400)


class BadLink(Exception):
    """A link that we did not make, made too long ago, or that was ended."""


def unsubscribe_token(member: Member, what: str) -> str:
    return _UNSUBSCRIBE.sign(f"{member.pk}.{what}.{_mark(member)}")


def read_unsubscribe_token(token: str) -> tuple[Member, What]:
    """Whose mail, and which. Raises BadLink. Two queries."""
    try:
        number, _, rest = _UNSUBSCRIBE.unsign(token).partition(".")
    except BadSignature as error:
        raise BadLink from error
    what, _, mark = rest.partition(".")
    return _member(number, mark), What(what)


def preferences_token(member: Member) -> str:
    return _PREFERENCES.sign(f"{member.pk}.{_mark(member)}")


def read_preferences_token(token: str) -> Member:
    """Whose preferences.

    Raises BadLink, also for a link older than PREFERENCES_LAST. Two queries.
    """
    try:
        number, _, mark = _PREFERENCES.unsign(
            token, max_age=PREFERENCES_LAST
        ).partition(".")
    except BadSignature as error:
        raise BadLink from error
    return _member(number, mark)


def _member(number: str, mark: str) -> Member:
    member = (
        Member.objects.select_related("mail_preference").filter(pk=int(number)).first()
    )
    if member is None or mark not in _valid_marks(member):
        raise BadLink
    return member


def _mark(member: Member) -> str:
    address = salted_hmac("mail.address", member.email).hexdigest()[:12]
    return f"{preference_of(member).links_version}.{address}"


def _valid_marks(member: Member) -> tuple[str, ...]:
    if preference_of(member).links_version:
        return (_mark(member),)
    return (_mark(member), "")
