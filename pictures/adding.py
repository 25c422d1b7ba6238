"""The files of a form, each stored or refused by itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile

from members.limits import TooMany
from members.models import Member
from pictures import actions, kinds, refusals
from pictures.models import Upload
from pictures.refusals import FileRefused

FILES_MAX = 10  # of one form
TOO_MANY = f"At most {FILES_MAX} files can be added at once. Add this one by itself."


class Added(NamedTuple):
    """An upload, or the name of a file and why it was refused."""

    upload: Upload | None
    name: str
    refusal: str = ""


def add(member: Member, files: Iterable[UploadedFile], *, now: datetime) -> list[Added]:
    """What became of each file. One that is refused takes nothing else with it."""
    return [
        _added(member, file, number, now=now) for number, file in enumerate(files, 1)
    ]


def _added(member: Member, file: UploadedFile, number: int, *, now: datetime) -> Added:
    name = kinds.named(file.name or "")
    try:
        if number > FILES_MAX:
            raise FileRefused(TOO_MANY)
        if (file.size or 0) > kinds.PICTURE_MB * kinds.MEGABYTE:
            raise FileRefused(refusals.too_large(kinds.PICTURE_MB))
        upload = actions.upload(member, name=name, data=file.read(), now=now)
    except (FileRefused, TooMany) as refusal:
        return Added(None, name, str(refusal))
    return Added(upload, name)
