"""Curriculum files as answers."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from curriculum import fileformat
from curriculum.models import Release
from lists.cache import TimedCache
from members.audience import EVERYBODY

# A release never changes, and to write its file costs half a second. By release.
FILES = TimedCache[str](seconds=86_400, most=16)


def release_file_response(release: Release, name: str) -> HttpResponse:
    """The file of a release, whose document is read only to write it."""
    text = FILES.get(
        EVERYBODY,
        release.pk,
        release.published_at,
        ask=lambda: fileformat.dump(release.document),
    )
    return _response(text, name)


def file_response(document: fileformat.Document, name: str) -> HttpResponse:
    return _response(fileformat.dump(document), name)


def _response(text: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    if disposition:
        headers = {"Content-Disposition": disposition}
    else:
        headers = {}
    return HttpResponse(
        text,
        content_type="application/yaml; charset=utf-8",
        headers=headers,
    )
