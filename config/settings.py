"""The one settings file: everything that differs between machines comes from the environment.

Safe by default: DEBUG is off unless asked for, the secret key is made on the first run and kept in the data folder,
and an https SITE_URL switches on secure cookies, HSTS and the redirect. docs/configure.md lists every variable.
"""

from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

from config.embedded import socket_path
from config.secret import keep_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def whole_number(name: str, default: int) -> int:
    """The number that the environment gives; anything else stops the start with a sentence instead of a traceback."""
    text = env.str(name, default="")
    if text and not text.isdecimal():
        raise SystemExit(f"{name} must be a whole number, not “{text}”.")
    return int(text or default)


DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).absolute()
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or keep_secret(DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Where people reach the site. Links in mail start with it.
HOST = env.str("HOST", default="127.0.0.1")
PORT = whole_number("PORT", 8000)
_named = HOST if HOST not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104  (compared, not bound)
SITE_URL = env.str("SITE_URL", default=f"http://{_named}:{PORT}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
BEHIND_TLS = SITE_URL.startswith("https://")
# This machine's own names always count: health checks ask there.
ALLOWED_HOSTS = [*(env.list("ALLOWED_HOSTS", default=[]) or [SITE_HOST, HOST]), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "mail",
    "community",
    "progress",
    "papers",
    "curriculum",
    "members",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "health_check",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "members.middleware.KeepTextMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "members.middleware.MemberMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "libraries": {"look": "config.look", "fields": "config.fields"},
            "builtins": ["config.look", "config.fields", "django.templatetags.static", "django.templatetags.i18n"],
        },
    }
]

# Databases: SQLite with the four settings that let web, worker and beat write at once; PostgreSQL by DATABASE_URL.
# Never set ATOMIC_REQUESTS: with IMMEDIATE every page view would take the write lock.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default="")
    if env.str("DATABASE_URL", default="")
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "minibatch.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728;"
            ),
        },
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": whole_number("DATABASE_POOL", 10),
        "timeout": 10,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: broker and cache. Without REDIS_URL it is the embedded Valkey on a socket (config/embedded.py).
VALKEY_SOCKET = socket_path(DATA_DIR)
_redis_url = env.str("REDIS_URL", default="")
REDIS_URL = _redis_url or f"unix://{quote(str(VALKEY_SOCKET))}"
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "mb"},
    # Small things that every page shows, kept in the process so that pages work while Redis is away.
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "local"},
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # sign-ins survive a flushed Redis

CELERY_BROKER_URL = _redis_url or f"redis+socket://{quote(str(VALKEY_SOCKET))}"
_at_once = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1, **_at_once}
CELERY_TASK_PUBLISH_RETRY_POLICY = _at_once  # a page never waits for a broker that is away
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
TICK = whole_number("MAIL_TICK_SECONDS", 300)
CELERY_BEAT_SCHEDULE = {
    # Beat only asks "who is due now?"; every answer is in the database, so a missed tick is caught up by the next.
    "send-due-digests": {"task": "mail.tasks.send_due_digests", "schedule": TICK, "options": {"expires": TICK}},
    "send-due-reminders": {"task": "mail.tasks.send_due_reminders", "schedule": TICK, "options": {"expires": TICK}},
    "send-waiting-mail": {"task": "mail.tasks.send_waiting", "schedule": TICK, "options": {"expires": TICK}},
    "harvest": {"task": "papers.tasks.harvest", "schedule": crontab(minute=20), "options": {"expires": 3000}},
    "render-again": {
        "task": "community.tasks.render_again",
        "schedule": crontab(minute=40),
        "options": {"expires": 3000},
    },
    "heartbeat": {"task": "members.tasks.heartbeat", "schedule": min(TICK, 60), "options": {"expires": 60}},
    "clear-sessions": {"task": "members.tasks.clear_sessions", "schedule": crontab(hour=4, minute=10)},
}

# Who may come in
AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend", "members.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "members.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]  # no password to forget: a code by mail, or a passkey
ACCOUNT_FORMS = {
    "add_email": "members.forms.AddEmailForm",
    "change_password": "members.forms.ChangePasswordForm",
    "login": "members.forms.LoginForm",
    "request_login_code": "members.forms.RequestLoginCodeForm",
    "reset_password": "members.forms.ResetPasswordForm",
    "set_password": "members.forms.SetPasswordForm",
    "signup": "members.forms.SignupForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"
MFA_ADAPTER = "members.adapters.MFAAdapter"
MFA_FORMS = {"add_webauthn": "members.forms.PasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
USERSESSIONS_TRACK_ACTIVITY = False

# Behind TLS: a proxy ends it and passes X-Forwarded-Proto.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = whole_number("HSTS_SECONDS", int(timedelta(days=365).total_seconds())) if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # the container's own health check speaks plain HTTP
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "members.views.form_expired"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Mail: into a folder unless SMTP is configured; the owner reads the folder on the outbox page.
OUTBOX_DIR = DATA_DIR / "outbox"
EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_BACKEND = "mail.backends.OutboxBackend"
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "mail.backends.SmtpBackend"  # the same, and it says exactly what became of a mail
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="") or f"Minibatch <minibatch@{SITE_HOST}>"
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or SITE_HOST
UNSUBSCRIBE_MAILBOX = env.str("UNSUBSCRIBE_MAILBOX", default="")

# arXiv
ARXIV_RSS_URL = env.str("ARXIV_RSS_URL", default="https://rss.arxiv.org/rss/")
ARXIV_CATEGORIES = env.list("ARXIV_CATEGORIES", default=["cs.LG", "cs.CL", "cs.CV", "stat.ML"])
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
# Hosts that may be called although their address is private, such as a mirror of arXiv in the same network.
OUTBOUND_PRIVATE_HOSTS = env.list("OUTBOUND_PRIVATE_HOSTS", default=[])

# Language, time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_I18N = len(LANGUAGES) > 1  # with one language no word of a page is looked up: a sixth of a page's time
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: collected, hashed and compressed on `make up`; served by the web process.
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "media", "base_url": "/media/"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
FORMS_URLFIELD_ASSUME_HTTPS = True
