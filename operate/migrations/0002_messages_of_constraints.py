from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('operate', '0001_initial'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='standstill',
            name='standstill_one_open_per_kind',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('kind',), name='standstill_one_open_per_kind', violation_error_message='This standstill is open already.'),
        ),
    ]
