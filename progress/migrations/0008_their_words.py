from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0007_members_are_indexed_once'),
    ]

    operations = [
        migrations.AlterField(
            model_name='enrollment',
            name='carried',
            field=models.JSONField(blank=True, default=dict, help_text='steps finished and percentages shown before they moved: carrying.Carried'),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='step_key',
            field=models.UUIDField(blank=True, help_text='the step they were at last', null=True),
        ),
        migrations.AlterField(
            model_name='enrollment',
            name='told_of_release',
            field=models.PositiveIntegerField(blank=True, help_text='the newest release whose announcement they put away', null=True),
        ),
    ]
