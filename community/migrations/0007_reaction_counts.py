from django.db import migrations, models


def count() -> models.Field:
    return models.PositiveIntegerField(db_default=0, default=0)


class Migration(migrations.Migration):
    dependencies = [("community", "0006_kinds_are_modules")]

    operations = [
        migrations.AddField(model, f"{kind}_count", count())
        for model in ("post", "comment")
        for kind in ("helped", "thanks", "same")
    ]
