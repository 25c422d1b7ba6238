from django.db import migrations

from curriculum.search import search_text


def fill(apps, schema_editor):
    """Store what is searched of each resource that is here already."""
    Resource = apps.get_model("curriculum", "Resource")
    rows = []
    for resource in Resource.objects.prefetch_related("sections").iterator(chunk_size=500):
        sections = sorted(resource.sections.all(), key=lambda section: (section.position, section.pk))
        resource.search_text = search_text(
            [resource.title, *map(str, resource.authors), resource.publisher, resource.framework, resource.note]
            + [section.title for section in sections]
        )
        rows.append(resource)
    Resource.objects.bulk_update(rows, ["search_text"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("curriculum", "0002_resource_search_text")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
