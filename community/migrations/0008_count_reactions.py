"""Count the reactions that are stored. In batches, each a transaction of its own; run
again, it counts anew.
"""

from django.db import migrations
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

BATCH = 1000
KINDS = ("helped", "thanks", "same")


def counted(reactions, field, kind):
    rows = reactions.filter(**{field: OuterRef("pk")}, kind=kind).order_by()
    rows = rows.values(field).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


def fill(apps, schema_editor):
    reactions = apps.get_model("community", "Reaction").objects
    for field in ("post", "comment"):
        rows = apps.get_model("community", field).objects
        counts = {f"{kind}_count": counted(reactions, field, kind) for kind in KINDS}
        last = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
        for start in range(0, last + 1, BATCH):
            rows.filter(pk__gt=start, pk__lte=start + BATCH).update(**counts)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("community", "0007_reaction_counts")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
