from django.db import migrations, models

from lists.online import AddUniqueOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("community", "0019_leave_one_pinned")]

    operations = [
        AddUniqueOnline(
            "post",
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(("pinned_at__isnull", False)),
                name="post_one_pinned",
                violation_error_message=(
                    "Another announcement is pinned: unpin it first."
                ),
            ),
        ),
    ]
