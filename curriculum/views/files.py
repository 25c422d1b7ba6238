"""Curriculum files as answers."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from curriculum import fileformat
from curriculum.models import Release
from lists.cache import TimedCache
from members.audience import EVERYBODY

# A release never changes, and to write its file costs half a second. By release.
FILES = TimedCache[str](seconds=86_400, most=16)
# No file says anything of the member who downloads it.
KEPT_BY_THE_BROWSER = "private, no-cache"


def release_file_response(
    request: HttpRequest, release: Release, name: str
) -> HttpResponse:
    """The file of a release, whose document is read only to write it; 304 for a browser
    that has the file.
    """
    text = FILES.get(
        EVERYBODY,
        release.pk,
        release.published_at,
        ask=lambda: fileformat.dump(release.document),
    )
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    response = _response(text, name)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = KEPT_BY_THE_BROWSER
    return get_conditional_response(request, etag=etag, response=response) or response


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
