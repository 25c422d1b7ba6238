"""The signed links of a mail, which identify the member without signing in.

A link holds the member's `links_version` and a hash of the address that it was sent to.
It becomes invalid when the member ends old links or changes the address. Older links
hold neither of them, and count as links of the first version.
"""

from datetime import timedelta

from django.core.signing import BadSignature, Signer, TimestampSigner
from django.utils.crypto import salted_hmac

from mail.models import What, preference_of
from members.models import Member

# without a date, since the link of an old mail must still stop the next one
_UNSUBSCRIBE = Signer(salt="mail.unsubscribe")
_PREFERENCES = TimestampSigner(salt="mail.preferences")
PREFERENCES_LAST = timedelta(days=400)


class BadLink(Exception):
    """The link was not signed by this site, has expired, or was ended."""


def unsubscribe_token(member: Member, what: str) -> str:
    return _UNSUBSCRIBE.sign(f"{member.pk}.{what}.{_mark(member)}")


def read_unsubscribe_token(token: str) -> tuple[Member, What]:
    """The member and the kind of mail. Raises BadLink. Two queries."""
    try:
        number, _, rest = _UNSUBSCRIBE.unsign(token).partition(".")
    except BadSignature as error:
        raise BadLink from error
    what, _, mark = rest.partition(".")
    return _member(number, mark), What(what)


def preferences_token(member: Member) -> str:
    return _PREFERENCES.sign(f"{member.pk}.{_mark(member)}")


def read_preferences_token(token: str) -> Member:
    """The member whose preferences the link opens.

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
