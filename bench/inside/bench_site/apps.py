from django.apps import AppConfig
from django.conf import settings


class FloorConfig(AppConfig):
    name = "bench_site"

    def ready(self) -> None:
        """Take all middleware out, now that those who insist on theirs
        have started.
        """
        settings.MIDDLEWARE = []
