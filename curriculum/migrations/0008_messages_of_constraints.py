from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("curriculum", "0007_section_needs_its_resource")]

    operations = [
        migrations.AlterConstraint(
            model_name='release',
            name='release_number_once',
            constraint=models.UniqueConstraint(fields=('curriculum', 'number'), name='release_number_once', violation_error_message='This curriculum has a release with this number.'),
        ),
        migrations.AlterConstraint(
            model_name='release',
            name='release_number_from_1',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='release_number_from_1', violation_error_message='Releases are numbered from 1.'),
        ),
    ]
