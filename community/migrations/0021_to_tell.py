from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0020_one_pinned")]

    operations = [
        migrations.AddField(
            "comment",
            "to_tell",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="written or removed, and nobody was told of it yet",
            ),
        ),
        migrations.AddField(
            "post",
            "to_tell",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="written, and nobody was told of it yet",
            ),
        ),
        migrations.AddField(
            "post",
            "accepted_to_tell",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="an answer was accepted, and its author was not told yet",
            ),
        ),
        migrations.AddField(
            "reaction",
            "to_tell",
            models.BooleanField(
                db_default=False,
                default=False,
                help_text="the author of the text was not told of it yet",
            ),
        ),
    ]
