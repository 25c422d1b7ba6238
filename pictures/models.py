"""Pictures and files that members add to their texts."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Member
from text import Attachment

# as long may a text be written to which it was added
KEPT_UNUSED = timedelta(days=7)


class UploadQuerySet(models.QuerySet["Upload"]):
    def by(self, member: Member) -> "UploadQuerySet":
        return self.filter(owner=member)

    def stored(self) -> "UploadQuerySet":
        """Those that are not being deleted."""
        return self.filter(deleted_at=None)

    def unused_since(self, moment: datetime) -> "UploadQuerySet":
        return self.filter(unused_since__lt=moment)

    def total_bytes(self) -> int:
        return self.aggregate(total=Sum("bytes"))["total"] or 0


class Upload(models.Model):
    """A picture or a file. What shows it is known by the app whose text it is in.

    The store holds the picture as it was made again, or the file as it came, under
    names made of the key.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="uploads",
        db_index=False,  # upload_of_owner begins with it
    )
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40, blank=True)
    width = models.PositiveIntegerField(default=0, help_text=_("0 for a file"))
    height = models.PositiveIntegerField(default=0)
    small_width = models.PositiveIntegerField(
        default=0, help_text=_("0 if the picture has no small form")
    )
    small_height = models.PositiveIntegerField(default=0)
    bytes = models.PositiveIntegerField(help_text=_("of all its forms"))
    uploaded_at = models.DateTimeField()
    unused_since = models.DateTimeField(
        null=True, blank=True, help_text=_("empty while a text shows it")
    )
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-uploaded_at"], name="upload_of_owner"),
            models.Index(
                fields=["unused_since"],
                name="upload_unused",
                condition=Q(unused_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        page = "large" if self.is_picture else "file"
        return reverse(f"pictures:{page}", args=[self.key])

    @property
    def is_picture(self) -> bool:
        return self.width > 0

    @property
    def has_small_form(self) -> bool:
        return self.small_width > 0

    @property
    def as_attachment(self) -> Attachment:
        """What a text needs to know of it."""
        if self.has_small_form:
            return Attachment(self.small_width, self.small_height)
        return Attachment(self.width, self.height)

    @property
    def large_name(self) -> str:
        """In the store."""
        return f"pictures/{self.key.hex[:2]}/{self.key}"

    @property
    def small_name(self) -> str:
        return f"{self.large_name}-small"

    @property
    def names(self) -> list[str]:
        if self.has_small_form:
            return [self.large_name, self.small_name]
        return [self.large_name]


class Usage(models.Model):
    """How many bytes all uploads have, in one row with the key 1."""

    bytes = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.bytes)
