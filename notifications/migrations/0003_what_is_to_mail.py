from django.db import migrations, models

from lists.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("notifications", "0002_ways_and_mail")]

    operations = [
        AddIndexOnline(
            "notification",
            models.Index(
                fields=["happened_at", "id"],
                name="notification_to_mail",
                condition=models.Q(to_mail=True),
            ),
        ),
    ]
