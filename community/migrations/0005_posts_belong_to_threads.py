import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0004_fill_threads")]

    operations = [
        migrations.AlterField(
            model_name="post",
            name="thread",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="community.thread",
            ),
        ),
        migrations.RemoveIndex(model_name="post", name="post_by_step"),
        migrations.RemoveIndex(model_name="post", name="post_by_paper"),
        migrations.RemoveField(model_name="post", name="step_key"),
        migrations.RemoveField(model_name="post", name="activity_key"),
        migrations.RemoveField(model_name="post", name="paper"),
    ]
