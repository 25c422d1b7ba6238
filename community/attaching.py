"""Pictures and files that come with the form of a text.

Without a script the form sends them. They are stored, their lines are put
below the text, and the form is shown again, to ask what each picture
shows. A script sends each at once to `pictures:add` and puts the line
where the caret is.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from community.actions import uploads_in
from members.requests import MemberRequest
from pictures import adding
from pictures.adding import Added
from pictures.models import Upload
from text.attached import (
    DESCRIPTION_MAX,
    described,
    keys_in,
    without_description,
)
from text.limits import TEXT_MAX

P = ParamSpec("P")
Page = Callable[Concatenate[MemberRequest, P], HttpResponse]
DESCRIPTION, DECORATION = "alt-", "decoration-"
SHOWN_AGAIN = "shown_again"  # the field of a form: why it is
TOO_LONG = (
    f"This description is longer than {DESCRIPTION_MAX:,} characters. Say it in a few "
    "sentences, and write the rest below the picture."
)


class NamedUpload(NamedTuple):
    """An upload that the text names, as the list below it shows it."""

    upload: Upload
    described: str
    is_decoration: bool
    error: str


class Attached(NamedTuple):
    lines: list[NamedUpload]
    refused: list[Added]


def takes_files(page: "Page[P]") -> "Page[P]":
    """Let the form of this page take pictures and files.
    `request.attached` is what the page shows of them, and `request.POST`
    has them in its text.
    """

    @wraps(page)
    def taking(
        request: MemberRequest, /, *args: P.args, **given: P.kwargs
    ) -> HttpResponse:
        if request.method == "POST":
            _take(request)
        return page(request, *args, **given)

    return taking


def _take(request: MemberRequest) -> None:
    data = request.POST.copy()
    files = request.FILES.getlist("files")
    added = adding.add(request.member, files, now=timezone.now())
    new = [each.upload for each in added if each.upload]
    body = _described(data)
    if new:
        body = "\n\n".join([body.rstrip(), *map(line_of, new)]).lstrip("\n")
    unsaid = set(without_description(body))
    lines = [
        _line(upload, data, unsaid, is_new=upload in new)
        for upload in uploads_in(body, request.member.pk)
    ]
    attached = Attached(lines, [each for each in added if each.refusal])
    data["body"], data[SHOWN_AGAIN] = body, _why_again(attached, data, bool(new))
    request.POST = data  # type: ignore[assignment, misc]
    request.attached = attached  # type: ignore[attr-defined]


def _why_again(attached: Attached, data: QueryDict, is_new: bool) -> str:
    """A reason of `community.forms.WithUploads`; empty if there is none."""
    if attached.refused:
        return "refused"
    if is_new:
        return "added"
    is_preview = "preview" in data
    is_unsaid = any(line.error for line in attached.lines)
    return "unsaid" if is_unsaid and not is_preview else ""


def _described(data: QueryDict) -> str:
    """The text with what was said of each picture that it names. One that
    is too long stays as it is, for its form to refuse.
    """
    body = _value(data, "body")
    if len(body) > TEXT_MAX:
        return body
    words = {key: _value(data, DESCRIPTION + key).strip() for key in keys_in(body)}
    return described(body, words)


def _value(data: QueryDict, name: str) -> str:
    return str(data.get(name, ""))


def _line(
    upload: Upload, data: QueryDict, unsaid: set[str], *, is_new: bool
) -> NamedUpload:
    key = str(upload.key)
    words = _value(data, DESCRIPTION + key)
    stands = upload.unused_since is None
    is_decoration = bool(data.get(DECORATION + key)) or (stands and key in unsaid)
    error = ""
    if len(words.strip()) > DESCRIPTION_MAX:
        error = TOO_LONG
    elif key in unsaid and upload.is_picture and not is_decoration and not is_new:
        error = _("Say in a sentence what the picture shows, or mark it as decoration.")
    return NamedUpload(upload, words, is_decoration, error)


def line_of(upload: Upload) -> str:
    """The Markdown that shows it."""
    if upload.is_picture:
        return f"![](picture:{upload.key})"
    return f"[{upload.name}](file:{upload.key})"
