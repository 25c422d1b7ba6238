"""Run tasks of the clock, each when its name comes in; says "done"
after each.
"""

import sys

import django


def main() -> int:
    django.setup()
    from celery import Celery, current_app
    from django.conf import settings

    from config.celery import app

    assert isinstance(app, Celery)
    app.loader.import_default_modules()
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    # the heartbeat first, as those that look after it expect one
    names = sorted(tasks, key=lambda name: ("heartbeat" not in name, name))
    print(*names, flush=True)
    for line in sys.stdin:
        current_app.tasks[line.strip()]()
        print("done", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
