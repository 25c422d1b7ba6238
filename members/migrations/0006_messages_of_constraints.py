import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('members', '0005_when_runs_look'),
    ]

    operations = [
        migrations.AlterConstraint(
            model_name='member',
            name='member_email_once',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='member_email_once', violation_error_message='This email has an account.'),
        ),
        migrations.AlterConstraint(
            model_name='studygroup',
            name='study_group_single_row',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='study_group_single_row', violation_error_message='There is one study group.'),
        ),
    ]
