from django.db import migrations, models

from lists.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("bookmarks", "0002_reminders_by_mail")]

    operations = [
        AddIndexOnline(
            "bookmark",
            models.Index(
                fields=["remind_on", "id"],
                name="bookmark_to_mail",
                condition=models.Q(done_at=None, removed_at=None, reminded_on=None)
                & models.Q(to_mail=True, remind_on__isnull=False),
            ),
        ),
    ]
