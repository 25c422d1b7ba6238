from django.db import migrations, models

from lists.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("members", "0011_who_helps")]

    operations = [
        AddIndexOnline(
            "member",
            models.Index(
                fields=["asked_at", "id"],
                name="member_who_helps",
                condition=models.Q(helps_with_steps=True),
            ),
        ),
    ]
