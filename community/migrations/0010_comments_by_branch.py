import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("community", "0009_one_index_for_each_lookup")]

    operations = [
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(models.F('post'), django.db.models.functions.comparison.Coalesce('parent', 'id'), models.F('id'), name='comment_by_branch'),
        ),
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_in_order',
        ),
    ]
