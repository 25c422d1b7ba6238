from typing import Any

from django.db import migrations
from django.db.models import F


def complete_pauses(apps: Any, schema_editor: Any) -> None:
    """A pause with an end began at the last visit at the latest; without one it is none."""
    enrollments = apps.get_model("progress", "Enrollment").objects
    enrollments.filter(paused_at=None, paused_until__isnull=False).update(
        paused_at=F("visited_at")
    )
    enrollments.filter(paused_at__isnull=False, paused_until=None).update(
        paused_at=None
    )


class Migration(migrations.Migration):

    dependencies = [("progress", "0003_press_id")]

    operations = [
        migrations.RunPython(complete_pauses, migrations.RunPython.noop),
    ]
