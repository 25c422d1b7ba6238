from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("curriculum", "0006_resources_of_sections")]

    operations = [
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('section', None), ('resource__isnull', False), _connector='OR'), name='activity_section_needs_its_resource', violation_error_message='Choose the resource of this section.'),
        ),
    ]
