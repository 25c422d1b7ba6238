from django.db import migrations, models

from lists.online import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("community", "0023_joined_questions")]

    operations = [
        AddIndexOnline(
            model_name='post',
            index=models.Index(condition=models.Q(('joined_to__isnull', False)), fields=['joined_to'], name='post_joined'),
        ),
    ]
