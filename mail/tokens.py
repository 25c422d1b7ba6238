"""The signed links of a mail: they know whose mail it was and ask for no sign-in."""

from datetime import timedelta

from django.core.signing import BadSignature, Signer, TimestampSigner

_UNSUBSCRIBE = Signer(salt="mail.unsubscribe")  # no date: the link of an old mail must still stop the next one
_PREFERENCES = TimestampSigner(salt="mail.preferences")
PREFERENCES_LAST = timedelta(days=400)


class BadLink(Exception):
    """A link that we did not make, or made too long ago."""


def unsubscribe_token(member_id: int, what: str) -> str:
    return _UNSUBSCRIBE.sign(f"{member_id}.{what}")


def read_unsubscribe_token(token: str) -> tuple[int, str]:
    """Whose mail, and which. Raises BadLink."""
    try:
        member_id, _, what = _UNSUBSCRIBE.unsign(token).partition(".")
    except BadSignature as error:
        raise BadLink from error
    return int(member_id), what


def preferences_token(member_id: int) -> str:
    return _PREFERENCES.sign(str(member_id))


def read_preferences_token(token: str) -> int:
    """Whose preferences. Raises BadLink, also for a link older than PREFERENCES_LAST."""
    try:
        return int(_PREFERENCES.unsign(token, max_age=PREFERENCES_LAST))
    except BadSignature as error:
        raise BadLink from error
