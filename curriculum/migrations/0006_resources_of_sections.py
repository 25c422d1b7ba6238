from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def choose_resources(apps: Any, schema_editor: Any) -> None:
    """An activity with a section and no resource is about the section's resource."""
    sections = apps.get_model("curriculum", "Section")
    resource = sections.objects.filter(pk=OuterRef("section")).values("resource")
    activities = apps.get_model("curriculum", "Activity").objects
    alone = activities.filter(section__isnull=False, resource=None)
    alone.update(resource=Subquery(resource))


class Migration(migrations.Migration):

    dependencies = [("curriculum", "0005_fold_quotes_and_dashes")]

    operations = [
        migrations.RunPython(choose_resources, migrations.RunPython.noop),
    ]
