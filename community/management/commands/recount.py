from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from community.actions import recount
from community.models import Post


class Command(BaseCommand):
    help = "Count the comments of every post anew, and find its newest activity."

    def handle(self, *args: Any, **options: Any) -> None:
        seen = wrong = 0
        for pk in Post.objects.order_by("pk").values_list("pk", flat=True).iterator():
            with transaction.atomic():
                post = Post.objects.select_for_update(no_key=True).defer("body", "body_html").get(pk=pk)
                before = (post.comment_count, post.active_at)
                recount(post)
                seen += 1
                wrong += before != (post.comment_count, post.active_at)
        self.stdout.write(f"Put right: {wrong} of {seen} posts.")
