from django.db import migrations, models

from lists.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("community", "0028_read_marks")]

    operations = [
        AddIndexOnline(
            model_name="comment",
            index=models.Index(fields=["post", "id"], name="comment_by_post"),
        ),
    ]
