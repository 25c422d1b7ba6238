"""Forms that were sent after the session had ended, kept until the member has signed in
again.

They are kept only for a browser with which a member has signed in (see `devices`), one
form for each member, for an hour. If somebody else signs in with that browser, they are
deleted.
"""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from members.devices import device_of
from members.models import KeptWords, Member
from text.typed import clean_text

# in the session, so that pages ask the database only where there is
# something
FLAG = "kept_words"
KEPT_FOR = timedelta(hours=1)
LENGTH_MAX = 100_000
NEVER_KEPT = {
    "csrfmiddlewaretoken",
    "password",
    "password1",
    "password2",
    "oldpassword",
    "code",
    "token",
    "credential",
}


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values that were posted, without secrets."""
    typed: list[tuple[str, str]] = []
    for name, values in request.POST.lists():
        if name not in NEVER_KEPT:
            typed += [(name, value) for value in values if isinstance(value, str)]
    return typed


def words_of(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into a form, cleaned as forms do; nothing where it is
    too long to keep.
    """
    fields = typed_in(request)
    if sum(len(name) + len(value) for name, value in fields) > LENGTH_MAX:
        return []
    return [(clean_text(name), clean_text(value)) for name, value in fields]


def keep(request: HttpRequest) -> None:
    """Keep the posted fields for the member of this browser and the
    address that they were posted to.
    """
    device = device_of(request)
    fields = dict(words_of(request))
    if (
        device is None
        or not fields
        or len(request.path) > 500
        or clean_text(request.path) != request.path
    ):
        return
    if Member.objects.active().filter(pk=device.member_id).exists():
        found = {"path": request.path, "fields": fields, "kept_at": timezone.now()}
        KeptWords.objects.update_or_create(member_id=device.member_id, defaults=found)


def arrive(request: HttpRequest, member: Member, *, now: datetime) -> None:
    """At sign-in, note whether a form is kept for the member, and delete what somebody
    else typed in this browser.
    """
    device = device_of(request)
    if device and device.member_id != member.pk:
        KeptWords.objects.filter(member_id=device.member_id).delete()
    if KeptWords.objects.filter(member=member, kept_at__gt=now - KEPT_FOR).exists():
        request.session[FLAG] = True


def take(request: HttpRequest, path: str) -> dict[str, Any]:
    """The fields kept for `path`, once; empty where there are none.

    A page that fails then gives them back.
    """
    if not request.user.is_authenticated or not request.session.get(FLAG):
        return {}
    mine = KeptWords.objects.filter(member_id=request.user.pk)
    words = mine.filter(path=path, kept_at__gt=timezone.now() - KEPT_FOR).first()
    if words is None:
        return {}
    mine.delete()
    del request.session[FLAG]
    request.taken_words = words  # type: ignore[attr-defined]
    return dict(words.fields)


def give_back(request: HttpRequest) -> None:
    """Keep the words again that `take` took, since the page that was to
    show them could not be shown.
    """
    words: KeptWords | None = getattr(request, "taken_words", None)
    if words is not None:
        found = {"path": words.path, "fields": words.fields, "kept_at": words.kept_at}
        KeptWords.objects.update_or_create(member_id=words.member_id, defaults=found)
        request.session[FLAG] = True


def forget_old(*, now: datetime) -> int:
    """Delete what nobody came back for; the number of texts."""
    return KeptWords.objects.filter(kept_at__lte=now - KEPT_FOR).delete()[0]
