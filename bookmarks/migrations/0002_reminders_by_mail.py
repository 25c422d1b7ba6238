from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookmarks", "0001_initial")]

    operations = [
        migrations.AddField(
            "bookmark",
            "opened_on",
            models.DateField(
                blank=True,
                help_text="the day, from that of the reminder on, when it was opened",
                null=True,
            ),
        ),
        migrations.AddField(
            "bookmark",
            "to_mail",
            models.BooleanField(
                db_default=True,
                default=True,
                help_text="whether mail has not looked at it since its day was set",
            ),
        ),
        migrations.RemoveIndex("bookmark", "bookmark_to_name_by_day"),
    ]
