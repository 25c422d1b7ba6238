from django.db import migrations, models
from django.db.models import Q

from lists.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("community", "0021_to_tell")]

    operations = [
        AddIndexOnline(
            model_name="comment",
            index=models.Index(
                condition=Q(("to_tell", True)), fields=["id"], name="comment_to_tell"
            ),
        ),
        AddIndexOnline(
            model_name="post",
            index=models.Index(
                condition=Q(("to_tell", True), ("accepted_to_tell", True), _connector="OR"),
                fields=["id"],
                name="post_to_tell",
            ),
        ),
        AddIndexOnline(
            model_name="reaction",
            index=models.Index(
                condition=Q(("to_tell", True)), fields=["id"], name="reaction_to_tell"
            ),
        ),
    ]
