from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("progress", "0004_whole_pauses")]

    operations = [
        migrations.AddConstraint(
            model_name='enrollment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paused_at', None), ('paused_until', None)), models.Q(('paused_at__isnull', False), ('paused_until__isnull', False)), _connector='OR'), name='enrollment_pause_has_an_end', violation_error_message='A pause has a beginning and an end.'),
        ),
    ]
