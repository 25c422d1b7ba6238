from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0010_handles")]

    operations = [
        migrations.AddField(
            "member",
            "helps_with_steps",
            models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="agrees to be asked about steps that they finished",
            ),
        ),
        migrations.AddField(
            "member",
            "asked_at",
            models.DateTimeField(
                blank=True,
                editable=False,
                help_text="when they were last asked about a question",
                null=True,
            ),
        ),
    ]
