from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0002_carried")]

    operations = [
        migrations.RemoveConstraint(
            model_name="loggedtime", name="logged_time_once_per_deed"
        ),
        migrations.RenameField("loggedtime", "deed", "press_id"),
        migrations.RenameField("studyevent", "deed", "press_id"),
        migrations.AddConstraint(
            model_name="loggedtime",
            constraint=models.UniqueConstraint(
                fields=["member", "press_id"], name="logged_time_once_per_press"
            ),
        ),
    ]
