from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("progress", "0005_pause_has_an_end")]

    operations = [
        migrations.AlterConstraint(
            model_name='enrollment',
            name='enrollment_once_per_curriculum',
            constraint=models.UniqueConstraint(fields=('member', 'curriculum'), name='enrollment_once_per_curriculum', violation_error_message='This member is enrolled in this curriculum.'),
        ),
        migrations.AlterConstraint(
            model_name='loggedtime',
            name='logged_time_once_per_press',
            constraint=models.UniqueConstraint(fields=('member', 'press_id'), name='logged_time_once_per_press', violation_error_message='This time is logged already.'),
        ),
        migrations.AlterConstraint(
            model_name='record',
            name='record_once_per_activity',
            constraint=models.UniqueConstraint(fields=('member', 'activity_key'), name='record_once_per_activity', violation_error_message='This member has a record of this activity.'),
        ),
        migrations.AlterConstraint(
            model_name='routechoice',
            name='route_choice_once',
            constraint=models.UniqueConstraint(fields=('enrollment', 'step_key', 'route_key'), name='route_choice_once', violation_error_message='This route is active already.'),
        ),
    ]
