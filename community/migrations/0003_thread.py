import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0002_put_away_notice")]

    operations = [
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("group", "Group"),
                            ("step", "Step"),
                            ("activity", "Activity"),
                            ("paper", "Paper"),
                        ],
                        default="group",
                        max_length=20,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="the key of the step or activity, the arXiv id of the paper",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key"), name="thread_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), ("kind", "group")),
                            models.Q(
                                models.Q(("kind", "group"), _negated=True),
                                models.Q(("key", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="thread_of_the_group_has_no_key",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="post",
            name="thread",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="community.thread",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                fields=["thread", "-active_at", "-id"], name="post_by_thread"
            ),
        ),
    ]
