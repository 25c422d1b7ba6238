import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.frames import with_room

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = with_room(get_wsgi_application())

from operate.storage import hold_database  # noqa: E402  (Django must be loaded)

hold_database()

# Load every page now. What is loaded stays: the garbage collector need not
# walk it again (a third of a page's time).
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
