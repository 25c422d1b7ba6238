import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("minibatch")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# In the worker a message that cannot be read is set aside instead of
# ending it.
TRANSPORT_ALIASES |= dict.fromkeys(("redis", "rediss"), "operate.broker:Transport")
