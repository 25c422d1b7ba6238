"""The key of a digest is the week that it reports.

It was the week of the day for which it was due. The two differ for members whose day is
Monday, Tuesday or Wednesday. Older rows rule out no digest and stay as they are.
"""

from datetime import date, timedelta

from django.db import migrations
from django.db.models import Exists, OuterRef
from django.utils import timezone

THURSDAY = 3
LATELY = timedelta(days=28)
WEEK = timedelta(days=7)


def to_the_week_before(apps, schema_editor):
    _move(apps, -WEEK)


def to_the_week_after(apps, schema_editor):
    _move(apps, WEEK)


def _move(apps, by):
    digests = apps.get_model("mail", "Delivery").objects.filter(
        kind="digest",
        written_at__gt=timezone.now() - LATELY,
        member__mail_preference__digest_weekday__lt=THURSDAY,
    )
    # Those with a mark behind the week count as no digest of that week.
    keys = digests.filter(key__regex=r"^\d{4}-W\d{2}$").order_by("key")
    keys = list(keys.values_list("key", flat=True).distinct())
    for key in keys if by < timedelta() else reversed(keys):
        _move_key(apps, digests, key, _moved(key, by))


def _move_key(apps, digests, key, to):
    """A member who has a digest under the new key keeps both rows as they are."""
    namesakes = apps.get_model("mail", "Delivery").objects.filter(
        member=OuterRef("member"), kind="digest", key=to
    )
    movable = digests.filter(~Exists(namesakes), key=key)
    ids = list(movable.values_list("pk", flat=True))
    for first in range(0, len(ids), 1000):
        rows = apps.get_model("mail", "Delivery").objects
        rows.filter(pk__in=ids[first : first + 1000]).update(key=to)


def _moved(key, by):
    year, _, week = key.partition("-W")
    year, week, _ = (date.fromisocalendar(int(year), int(week), 1) + by).isocalendar()
    return f"{year}-W{week:02d}"


class Migration(migrations.Migration):
    dependencies = [("mail", "0005_messages_of_constraints")]

    operations = [migrations.RunPython(to_the_week_before, to_the_week_after)]
