from django.db import migrations
from django.db.models.functions import Greatest


def stop_for_those_without_mail(apps, schema_editor):
    """Who has stopped both kinds of mail wanted none at all."""
    preferences = apps.get_model("mail", "Preference").objects
    without = preferences.filter(
        digest_stopped_at__isnull=False,
        reminders_stopped_at__isnull=False,
        bundle_stopped_at=None,
    )
    without.update(
        bundle_stopped_at=Greatest("digest_stopped_at", "reminders_stopped_at")
    )


class Migration(migrations.Migration):
    dependencies = [("mail", "0008_daily_mail")]

    operations = [
        migrations.RunPython(stop_for_those_without_mail, migrations.RunPython.noop)
    ]
