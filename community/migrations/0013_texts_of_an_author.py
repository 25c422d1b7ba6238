from django.db import migrations, models

from lists.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("community", "0012_texts_to_render_again")]

    operations = [
        AddIndexOnline(
            model_name='comment',
            index=models.Index(fields=['author', '-commented_at'], name='comment_by_author'),
        ),
        AddIndexOnline(
            model_name='post',
            index=models.Index(fields=['author', '-posted_at'], name='post_by_author'),
        ),
    ]
