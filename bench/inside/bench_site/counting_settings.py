"""The site's settings, and every answer says how many queries it took."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE

MIDDLEWARE = ["bench_site.counting.CountingMiddleware", *MIDDLEWARE]
