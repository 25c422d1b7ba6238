"""Adding pictures and files, and serving them to whoever may see what shows them."""

import logging
from http import HTTPStatus
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.models import Holding
from lists import keyset
from lists.keyset import Cursor
from lists.statement import Statement
from members.models import Member
from members.requests import MemberRequest
from pictures import actions, adding
from pictures.models import Upload

ROWS = 30
A_MONTH = 30 * 24 * 3600
# An upload opened as a page of its own can run, load and send nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


logger = logging.getLogger("minibatch.pictures")


class StoreFailed(Exception):
    """The store did not answer, or not as it should."""


class Served(NamedTuple):
    key: UUID
    name: str
    media_type: str
    width: int
    small_width: int


def _visible(member: Member, key: UUID) -> "QuerySet[Upload, Served]":
    """The upload, if it is the member's own or a text that they may see shows it."""
    shown = Holding.objects.visible_to(member).filter(upload=OuterRef("pk"))
    uploads = Upload.objects.stored().filter(key=key)
    uploads = uploads.filter(Q(owner=member) | Exists(shown))
    return uploads.values_list(*Served._fields)  # type: ignore[return-value]


SERVED = Statement(Served, _visible, member=Member, key=UUID)


@require_safe
def large(request: MemberRequest, key: UUID) -> HttpResponse:
    """A picture, at most 1600 points long."""
    return _picture(request, key, is_small=False)


@require_safe
def small(request: MemberRequest, key: UUID) -> HttpResponse:
    """A picture as texts show it, at most 800 points long."""
    return _picture(request, key, is_small=True)


@require_safe
def file(request: MemberRequest, key: UUID) -> HttpResponse:
    """A file, to be stored and never opened here."""
    served = SERVED.first(member=request.member, key=key)
    if served is None or served.width:
        raise Http404
    stored_as = Upload(key=key).large_name
    return _answer(request, stored_as, "application/octet-stream", served.name)


def _picture(request: MemberRequest, key: UUID, *, is_small: bool) -> HttpResponse:
    served = SERVED.first(member=request.member, key=key)
    if served is None or not served.width:
        raise Http404
    upload = Upload(key=key)
    has_small = is_small and served.small_width
    name = upload.small_name if has_small else upload.large_name
    return _answer(request, name, served.media_type)


def _answer(
    request: MemberRequest, name: str, media_type: str, download: str = ""
) -> HttpResponse:
    """What is in the store under this name; `download` is the name that a file is stored
    by. The browser of the member may keep it.

    What stands at an address never changes. Another member with the same browser has
    another cookie, and so another copy.
    """
    etag = f'"{name}"'
    answer: HttpResponse | None = get_conditional_response(request, etag=etag)
    if answer is None or answer.status_code != 304:
        try:
            answer = _from_store(name, media_type, download)
        except StoreFailed:
            words = _(
                "The store of pictures and files does not answer. Try again later."
            )
            return HttpResponse(
                words, "text/plain; charset=utf-8", HTTPStatus.SERVICE_UNAVAILABLE
            )
    answer["ETag"] = etag
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(answer, private=True, max_age=A_MONTH, immutable=True)
    return answer


def _from_store(name: str, media_type: str, download: str) -> HttpResponse:
    """Raises Http404 and StoreFailed."""
    try:
        with default_storage.open(name) as stored:
            answer = HttpResponse(stored.read(), content_type=media_type)
    except FileNotFoundError as error:
        raise Http404 from error
    except Exception as error:  # of whatever store it is
        logger.exception("An upload could not be read.")
        raise StoreFailed from error
    if header := content_disposition_header(bool(download), download):
        answer["Content-Disposition"] = header
    return answer


@require_POST
def add(request: MemberRequest) -> HttpResponse:
    """Store files, and render each as a line of the list below a text."""
    files = request.FILES.getlist("files")
    added = adding.add(request.member, files, now=timezone.now())
    return render(request, "pictures/_added.html", {"added": added})


@require_safe
def mine(request: MemberRequest) -> HttpResponse:
    """The member's pictures and files, newest first, and how much room they take."""
    own = Upload.objects.by(request.member).stored()
    used = own.total_bytes()
    cursor = Cursor.parse(request.GET.get("after", ""))
    if cursor:
        own = keyset.before(own, "uploaded_at", cursor.moment, cursor.pk)
    rows = list(own.order_by("-uploaded_at", "-pk")[: ROWS + 1])
    shown, older = rows[:ROWS], None
    if len(rows) > ROWS:
        older = Cursor(shown[-1].uploaded_at, shown[-1].pk)
    context = {
        "uploads": shown,
        "used": used,
        "most": settings.MEMBER_FILES_MB,
        "older": older,
    }
    return render(request, "pictures/mine.html", context)


@require_POST
def delete(request: MemberRequest, key: UUID) -> HttpResponse:
    """Delete an upload of one's own that no text shows."""
    own = Upload.objects.by(request.member).stored()
    upload = get_object_or_404(own, key=key)
    if actions.delete_own(upload, by=request.member, now=timezone.now()):
        messages.success(request, _("%(name)s was deleted.") % {"name": upload.name})
    else:
        messages.error(
            request,
            _("%(name)s stands in a post or a comment. Edit that text first.")
            % {"name": upload.name},
        )
    return redirect("pictures:mine")
