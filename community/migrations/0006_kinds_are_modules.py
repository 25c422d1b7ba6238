from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0005_posts_belong_to_threads")]

    operations = [
        migrations.AlterField(
            model_name="post",
            name="kind",
            field=models.CharField(
                default="discussion",
                help_text="a module of community.kinds",
                max_length=20,
            ),
        ),
    ]
