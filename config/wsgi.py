import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.frames import with_room
from config.head import with_head
from look.engine import load_templates

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = with_room(with_head(get_wsgi_application()))

# Load everything now, before the web processes fork. What is loaded stays:
# the garbage collector need not walk it again (a third of a page's time).
get_resolver().reverse_dict  # noqa: B018  (the addresses of all pages)
load_templates()
gc.collect()
gc.freeze()
