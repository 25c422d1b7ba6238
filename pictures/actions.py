"""Storing and deleting pictures and files."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from members import budget
from members.models import Member
from pictures import kinds, remaking
from pictures.encoding import Form
from pictures.models import Upload, Usage
from pictures.refusals import FileRefused

MEGABYTE = 1_000_000
logger = logging.getLogger("minibatch.pictures")


def upload(owner: Member, *, name: str, data: bytes, now: datetime) -> Upload:
    """Store a picture, made again, or a file as it is. It is nobody else's
    to see until a text shows it.

    Raises FileRefused, whose text can be shown, and limits.TooMany.
    """
    budget.spend(owner, budget.UPLOADS, now=now)
    made = Upload(
        owner=owner, name=kinds.named(name), uploaded_at=now, unused_since=now
    )
    forms = [data]
    if kinds.is_picture(name, data):
        forms = _made_again(made, data)
    made.bytes = sum(len(form) for form in forms)
    _take_room(made)
    try:
        for path, form in zip(made.names, forms, strict=True):
            default_storage.save(path, ContentFile(form))
    except Exception as error:  # of whatever store it is
        logger.exception("An upload could not be stored.")
        # what of it is in the store is deleted with the unused ones
        Upload.objects.filter(pk=made.pk).update(deleted_at=now)
        raise FileRefused(
            _("The file could not be stored. Try again in a while.")
        ) from error
    return made


def _made_again(made: Upload, data: bytes) -> list[bytes]:
    """The forms to store. Raises FileRefused."""
    picture = remaking.remade(data)
    made.media_type = picture.media_type
    made.width, made.height, large = picture.large
    if picture.small is None:
        return [large]
    small: Form = picture.small
    made.small_width, made.small_height = small.width, small.height
    return [large, small.data]


@transaction.atomic
def _take_room(made: Upload) -> None:
    """Store the row, if its bytes fit. Raises FileRefused.

    Of two at once the second waits for the first one's row.
    """
    Member.objects.select_for_update(no_key=True).get(pk=made.owner_id)
    used = Upload.objects.by(made.owner).stored().total_bytes()
    if used + made.bytes > settings.MEMBER_FILES_MB * MEGABYTE:
        raise FileRefused(
            _(
                "You have used %(used)s of %(all)s MB. Delete pictures that you no "
                "longer need on the page “Your pictures and files”."
            )
            % {"used": -(-used // MEGABYTE), "all": settings.MEMBER_FILES_MB}
        )
    Usage.objects.get_or_create(pk=1)
    most = settings.SITE_FILES_MB * MEGABYTE - made.bytes
    if not _add_to_usage(made.bytes, most):
        logger.error("The store of pictures and files is full: SITE_FILES_MB.")
        raise FileRefused(_("The group’s store is full. Please tell the owner."))
    made.save()


def _add_to_usage(number: int, most: int) -> int:
    usage = Usage.objects.filter(pk=1, bytes__lte=most)
    return usage.update(bytes=F("bytes") + number)


def use(uploads: Iterable[Upload]) -> list[Upload]:
    """Note that a text shows these; those that are still there. Within the
    transaction that stores what shows them.
    """
    keys = [each.pk for each in uploads]
    if not keys:
        return []
    there = Upload.objects.stored().filter(pk__in=keys)
    there.update(unused_since=None)
    return list(there)


def disuse(keys: Iterable[int], *, now: datetime) -> None:
    """Note that no text shows the uploads of these ids any longer."""
    Upload.objects.filter(pk__in=list(keys), unused_since=None).update(unused_since=now)


def delete_own(upload: Upload, *, by: Member, now: datetime) -> bool:
    """Delete an upload of one's own that no text shows. False if one does."""
    claimed = Upload.objects.by(by).filter(pk=upload.pk, unused_since__isnull=False)
    if not claimed.update(deleted_at=now):
        return False
    delete([upload], now=now)
    return True


def delete(uploads: Sequence[Upload], *, now: datetime) -> None:
    """Delete files and rows, and give their room back. If it is broken
    off, or the store fails, the rows remain, and are deleted by the next
    run.
    """
    rows = Upload.objects.filter(pk__in=[each.pk for each in uploads])
    rows.update(deleted_at=now, unused_since=now)
    gone_from_store = [each for each in uploads if _deleted_from_store(each)]
    with transaction.atomic():
        for each in gone_from_store:
            gone, _by_model = Upload.objects.filter(pk=each.pk).delete()
            if gone:
                Usage.objects.filter(pk=1).update(bytes=F("bytes") - each.bytes)


def _deleted_from_store(upload: Upload) -> bool:
    try:
        for path in upload.names:
            default_storage.delete(path)
    except Exception:  # of whatever store it is
        logger.exception("An upload could not be deleted.")
        return False
    return True


def recount() -> int:
    """Count the bytes of all uploads again; by how many the sum was wrong."""
    with transaction.atomic():
        Usage.objects.get_or_create(pk=1)
        usage = Usage.objects.select_for_update().get(pk=1)
        total = Upload.objects.aggregate(total=Sum("bytes"))["total"] or 0
        wrong, usage.bytes = abs(usage.bytes - total), total
        usage.save()
    return wrong
