import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0022_what_is_to_tell'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='joined_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='post',
            name='joined_to',
            field=models.ForeignKey(blank=True, db_index=False, help_text='the question that this one asks again', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='joined', to='community.post'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('joined_to', None), ('kind', 'question'), _connector='OR'), name='post_only_questions_are_joined', violation_error_message='Only questions are joined.'),
        ),
    ]
