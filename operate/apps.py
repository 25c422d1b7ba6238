from django.apps import AppConfig


class OperateConfig(AppConfig):
    name = "operate"

    def ready(self) -> None:
        from config import celery  # noqa: F401  (tasks belong to this app)
