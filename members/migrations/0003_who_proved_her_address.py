from django.db import migrations
from django.db.models import Exists, F, OuterRef


def only_who_proved(apps, schema_editor):
    """Who never signed in and has nothing but an unproved address is no member yet; everybody else is."""
    Member = apps.get_model("members", "Member")
    EmailAddress = apps.get_model("account", "EmailAddress")
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    Member.objects.update(proved_at=F("joined_at"))
    Member.objects.filter(
        Exists(addresses.filter(verified=False)), ~Exists(addresses.filter(verified=True)), last_login=None
    ).update(proved_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_proved_address_and_kept_words"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(only_who_proved, migrations.RunPython.noop, elidable=True)]
