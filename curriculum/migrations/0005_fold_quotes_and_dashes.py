from importlib import import_module

from django.db import migrations

fill = import_module("curriculum.migrations.0003_fill_search_text").fill


class Migration(migrations.Migration):
    """What is searched was folded in another way before: ’ and ' are one sign now, and so are all hyphens."""

    dependencies = [("curriculum", "0004_unverified_resources")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
