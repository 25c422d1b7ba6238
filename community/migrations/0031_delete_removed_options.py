from django.db import migrations
from django.db.models import Count, Exists, OuterRef


def delete_removed_options(apps, schema_editor):
    """Those that are on no ballot; the others are counted with their polls."""
    Poll = apps.get_model("community", "Poll")
    PollOption = apps.get_model("community", "PollOption")
    BallotChoice = apps.get_model("community", "BallotChoice")
    removed = PollOption.objects.filter(removed_at__isnull=False)
    chosen = Exists(BallotChoice.objects.filter(option=OuterRef("pk")))
    won = Exists(Poll.objects.filter(won=OuterRef("pk")))
    unused = removed.exclude(chosen).exclude(won)
    # Nothing points to these rows, so that they need not be read, however many there are.
    unused._raw_delete(unused.db)
    counted = removed.order_by().values_list("poll").annotate(Count("pk"))
    for poll, count in list(counted):
        Poll.objects.filter(pk=poll).update(removed_count=count)


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0030_polls_count_removed_options"),
    ]

    operations = [
        migrations.RunPython(delete_removed_options, migrations.RunPython.noop),
    ]
