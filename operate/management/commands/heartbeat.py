"""`manage.py heartbeat`: exit 0 while beat and a worker are alive, for a container's
health check.
"""

import time
from typing import Any

from django.core.cache import cache
from django.core.management import BaseCommand, CommandError, CommandParser

from operate.heartbeat import HEARTBEAT_KEY


class Command(BaseCommand):
    help = "Fail when no worker has answered beat for a while."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--max-age", type=float, default=180, help="seconds (180)")

    def handle(self, *args: Any, max_age: float, **options: Any) -> None:
        seen = cache.get(HEARTBEAT_KEY)
        if seen is None:
            raise CommandError("No worker has answered yet.")
        age = time.time() - seen
        if age > max_age:
            raise CommandError(f"The last answer of a worker is {age:.0f} s old.")
        self.stdout.write(f"A worker answered {age:.0f} s ago.")
