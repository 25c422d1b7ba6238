"""Give every post its thread. In batches, each a transaction of its own, so that no
table is locked for long; run again, it goes on where it stopped.
"""

from collections import defaultdict
from uuid import UUID

from django.db import migrations

BATCH = 1000


def thread_name(step_key, activity_key, arxiv_id):
    """The step first: until now such a post was shown in the thread of its step."""
    if step_key:
        return "step", str(step_key)
    if arxiv_id:
        return "paper", arxiv_id
    if activity_key:
        return "activity", str(activity_key)
    return "group", ""


def fill(apps, schema_editor):
    Post = apps.get_model("community", "Post")
    Thread = apps.get_model("community", "Thread")
    last = 0
    while True:
        rows = Post.objects.filter(thread=None, pk__gt=last).order_by("pk")
        batch = rows.values_list("pk", "step_key", "activity_key", "paper__arxiv_id")
        batch = list(batch[:BATCH])
        if not batch:
            return
        last = batch[-1][0]
        posts = defaultdict(list)
        for pk, *names in batch:
            posts[thread_name(*names)].append(pk)
        for (kind, key), keys in posts.items():
            thread, _made = Thread.objects.get_or_create(kind=kind, key=key)
            Post.objects.filter(pk__in=keys).update(thread=thread)


def empty(apps, schema_editor):
    """Write the threads back into the columns from which they came."""
    Post = apps.get_model("community", "Post")
    Paper = apps.get_model("papers", "Paper")
    Thread = apps.get_model("community", "Thread")
    for thread in Thread.objects.exclude(kind="group").order_by("pk"):
        columns = {"thread": None}
        if thread.kind == "step":
            columns["step_key"] = UUID(thread.key)
        elif thread.kind == "activity":
            columns["activity_key"] = UUID(thread.key)
        elif thread.kind == "paper":
            columns["paper"] = Paper.objects.get(arxiv_id=thread.key)
        Post.objects.filter(thread=thread).update(**columns)
    while keys := Post.objects.exclude(thread=None).values_list("pk", flat=True)[:BATCH]:
        Post.objects.filter(pk__in=list(keys)).update(thread=None)
    Thread.objects.all().delete()


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("community", "0003_thread"),
        ("papers", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, empty)]
