from django.db import migrations


def leave_the_newest(apps, schema_editor):
    """Pinning has always unpinned the others; nothing but that kept it so."""
    pinned = apps.get_model("community", "Post").objects.filter(pinned_at__isnull=False)
    newest = pinned.order_by("-pinned_at", "-pk").values_list("pk", flat=True).first()
    pinned.exclude(pk=newest).update(pinned_at=None)


class Migration(migrations.Migration):
    dependencies = [("community", "0018_polls")]

    operations = [migrations.RunPython(leave_the_newest, migrations.RunPython.noop)]
