"""`manage.py heartbeat`: the health check of a container. It exits with 0 if beat and a
worker are running.
"""

import time
from typing import Any

from django.core.cache import cache
from django.core.management import BaseCommand, CommandError, CommandParser

from operate.heartbeat import HEARTBEAT_KEY


class Command(BaseCommand):
    help = "Fail if no worker has answered beat within the last --max-age seconds."

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
