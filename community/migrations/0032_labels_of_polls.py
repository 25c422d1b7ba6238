from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0031_delete_removed_options"),
    ]

    operations = [
        migrations.AlterField(
            model_name="poll",
            name="results",
            field=models.CharField(
                choices=[
                    (
                        "after",
                        "After voting, and to everybody when the poll is closed",
                    ),
                    ("before", "At any time"),
                    ("closed", "Only when the poll is closed"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="poll",
            name="way",
            field=models.CharField(
                choices=[
                    ("single", "One answer"),
                    ("several", "Several answers"),
                    ("ranked", "A ranking, counted by instant run-off"),
                ],
                max_length=20,
            ),
        ),
    ]
