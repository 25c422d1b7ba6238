from django.db import migrations, models

from lists.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("members", "0007_their_words"),
    ]

    operations = [
        AddIndexOnline(
            model_name="member",
            index=models.Index(
                condition=models.Q(("owner_since__isnull", False)),
                fields=["owner_since", "id"],
                name="member_owners",
            ),
        ),
    ]
