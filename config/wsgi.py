import gc
import os

from django.core.wsgi import get_wsgi_application

from config.frames import with_room
from config.head import with_head
from config.loaded import freeze, load_addresses
from look.engine import load_templates

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

gc.disable()  # nothing that is loaded now can be collected; looking takes 0.2 s
application = with_room(with_head(get_wsgi_application()))

# Load everything now, before the web processes fork.
load_addresses()
load_templates()
freeze()
gc.enable()
