from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0006_messages_of_constraints'),
    ]

    operations = [
        migrations.AlterField(
            model_name='member',
            name='goal_words',
            field=models.CharField(blank=True, max_length=300, verbose_name='goal in their own words'),
        ),
        migrations.AlterField(
            model_name='member',
            name='shows_step',
            field=models.BooleanField(default=False, verbose_name='shows their step to the group'),
        ),
    ]
