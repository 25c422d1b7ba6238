"""The site's settings with nothing but the floor: one address and
no middleware.
"""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

ROOT_URLCONF = "bench_site.floor"
INSTALLED_APPS = [*INSTALLED_APPS, "bench_site.apps.FloorConfig"]
