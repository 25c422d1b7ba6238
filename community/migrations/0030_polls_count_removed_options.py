from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0029_comments_of_a_post_by_id"),
    ]

    operations = [
        migrations.AddField(
            model_name="poll",
            name="removed_count",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="options that were removed after somebody had voted",
            ),
        ),
    ]
