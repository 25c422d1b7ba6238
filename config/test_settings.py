"""Settings of the test run: SQLite in memory, or the PostgreSQL that
TEST_DATABASE_URL names.
"""

import os
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="minibatch-test-")
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 40
for name in (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "SITE_URL",
    "DEBUG",
    "HOST",
    "PORT",
    "ALLOWED_HOSTS",
):
    os.environ.pop(name, None)
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from config.settings import *  # noqa: E402, F403  (the settings read the environment that is set above)
from config.settings import (  # noqa: E402
    CACHES,
    DATA_DIR,
    INSTALLED_APPS,
    OUR_APPS,
    STORAGES,
    TEMPLATES,
)

(DATA_DIR / "static").mkdir()
SITE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REDIS_CACHE = CACHES["default"]  # for the tests of a Redis that is away
CACHES["default"] = {"BACKEND": "config.counting.CountingMemory"}
STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
# tells the test client what was rendered, and complains of methods that no
# template calls
TEMPLATES[0]["BACKEND"] = "look.testing.Jinja2"
TEMPLATES[0]["OPTIONS"]["environment"] = "look.testing.careful_environment"
CELERY_BROKER_URL = "memory://"
LANGUAGE_CODE = "en"

# A tool of developers: two branches with a migration each meet in a
# conflict that git shows.
INSTALLED_APPS += ["django_linear_migrations"]
FIRST_PARTY_APPS = OUR_APPS
