"""Curriculum files as answers."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from curriculum import fileformat


def file_response(document: fileformat.Document, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    if disposition:
        headers = {"Content-Disposition": disposition}
    else:
        headers = {}
    return HttpResponse(
        fileformat.dump(document),
        content_type="application/yaml; charset=utf-8",
        headers=headers,
    )
