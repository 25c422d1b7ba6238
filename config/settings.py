"""The one settings file: everything that differs between machines comes
from the environment.

Safe by default: DEBUG is off unless asked for, the secret key is
made on the first run and kept in the data folder, and an https
SITE_URL switches on secure cookies, HSTS and the redirect.
docs/configure.md lists every variable.
"""

import os
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import environ
from csp.constants import NONE, SELF

from config.given import whole_number, with_scheme
from config.network import (
    EVERYWHERE,
    THIS_MACHINE,
    allowed_hosts,
    in_address,
    listening_at,
    names_here,
)
from config.origin import cookie_name, origin_of
from config.private import keep_private, socket_path
from config.secret import SecretFiles, secret_key
from config.started import data_dir
from config.store import storage

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(environ.Env):
    """The environment; a variable NAME_FILE names a file that holds the
    value of NAME.
    """

    ENVIRON = SecretFiles()


env = Environment()


def number(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    return whole_number(
        name, env.str(name, default=""), default, least=least, most=most
    )


DATA_DIR = data_dir(os.environ)
keep_private(DATA_DIR)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Where people reach the site. Links in mail start with it.
HOST = listening_at(env.str("HOST", default=""))
PORT = number("PORT", 8000, least=1, most=65_535)
# web processes: one keeps one core busy
WEB_CONCURRENCY = number("WEB_CONCURRENCY", min(os.cpu_count() or 1, 4), least=1)
NETWORK_NAMES = names_here(HOST)  # of this machine, where the site listens everywhere
_named = (NETWORK_NAMES or THIS_MACHINE[1:])[0] if HOST in EVERYWHERE else HOST
SITE_URL = origin_of(
    env.str("SITE_URL", default="") or f"http://{in_address(_named)}:{PORT}"
)
SITE_HOST = urlsplit(SITE_URL).hostname or THIS_MACHINE[0]
BEHIND_TLS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = allowed_hosts(
    SITE_URL, [*env.list("ALLOWED_HOSTS", default=[]), *NETWORK_NAMES]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many proxies of ours stand before the site; only so many entries of
# X-Forwarded-For are believed.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", 0)

OUR_APPS = [
    "operate",
    "mail",
    "notifications",
    "search",
    "bookmarks",
    "community",
    "progress",
    "papers",
    "curriculum",
    "pictures",
    "members",
    "documents",
]
INSTALLED_APPS = [
    *OUR_APPS,
    "demo",
    "look",
    "config.apps.GroupAdminConfig",  # Django's admin with our own site class
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
]

MIDDLEWARE = [
    "config.hosts.OneOriginMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.wire.WireMiddleware",
    "members.middleware.AddressMiddleware",
    "members.securitylog.SecurityLogMiddleware",
    "config.middleware.PolicyMiddleware",
    "config.middleware.InPlaceMiddleware",
    "config.middleware.BoundedBodyMiddleware",
    "config.readable.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "members.middleware.SignedInMiddleware",
    "config.middleware.PrivatePagesMiddleware",
    "members.middleware.KeepTextMiddleware",
    "members.proof.ProofMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "members.middleware.MemberMiddleware",
    "members.toomany.TooManyMiddleware",
    "members.budget.BudgetMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
_context_processors = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "members.context.site",
    "progress.context.studies",
    "notifications.unread.in_templates",
    "operate.context.standing",
]
TEMPLATES: list[dict[str, Any]] = [
    # Pages and mails of ours. A name that is not in `templates` is looked
    # for below.
    {
        "NAME": "jinja2",
        "BACKEND": "look.engine.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "look.environment.environment",
            "context_processors": _context_processors,
        },
    },
    # The admin's, and those of ours that extend a page of the admin.
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "django_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": _context_processors,
            "builtins": [
                "django.templatetags.static",
                "django.templatetags.i18n",
            ],
        },
    },
]

FORM_RENDERER = "look.widgets.WidgetRenderer"

# Databases: SQLite with the settings that let web, worker and beat write
# at once; PostgreSQL by DATABASE_URL. Never set ATOMIC_REQUESTS: with
# IMMEDIATE every page view would take the write lock.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL")
    if with_scheme(
        "DATABASE_URL",
        env.str("DATABASE_URL", default=""),
        ("postgres", "postgresql", "sqlite"),
    )
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "minibatch.sqlite3",
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        # synchronous=FULL: what was committed is on the disk, also after a
        # power cut. “Each mail is sent once” depends on it. fullfsync: on macOS a
        # plain fsync leaves the data in the drive's own cache.
        init_command=(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA fullfsync=1; "
            "PRAGMA cache_size=-4000; PRAGMA mmap_size=134217728;"
        ),
    )
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "config.postgresql"
    # Statements that pages run again and again are planned once a connection.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        prepare_threshold=3 if env.bool("PREPARED_STATEMENTS", default=True) else None
    )
# Each thread keeps its connection; a lost one is noticed before a request
# uses it.
DATABASES["default"].update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: broker and cache. Without REDIS_URL it is the embedded Valkey on a
# socket (operate/embedded.py).
VALKEY_SOCKET = socket_path(DATA_DIR)
_redis_url = with_scheme(
    "REDIS_URL", env.str("REDIS_URL", default=""), ("redis", "rediss", "unix")
)
REDIS_URL = _redis_url or f"unix://{quote(str(VALKEY_SOCKET))}"
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "config.standbycache.RedisWithStandby",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "mb",
        "OPTIONS": {"serializer": "config.jsoncache.JsonSerializer"},
    },
    # What `default` uses while Redis is away;
    # `members.tasks.clear_sessions` takes away what is over.
    "standby": {
        "BACKEND": "config.counting.CountingDatabase",
        "LOCATION": "standby_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Small things that every page shows, kept in the process so that pages
    # work while Redis is away.
    "local": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "local",
    },
}
# sign-ins survive a flushed Redis
SESSION_ENGINE = "notifications.sessions"

CELERY_BROKER_URL = _redis_url or f"redis+socket://{quote(str(VALKEY_SOCKET))}"
_at_once = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    **_at_once,
}
# a page never waits for a broker that is away
CELERY_TASK_PUBLISH_RETRY_POLICY = _at_once
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# without end: the broker may be away for a day
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CONSUMER = "operate.consumer:Consumer"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
TICK = number("MAIL_TICK_SECONDS", 300, least=1)
# Each so many seconds, or at a time of the clock (operate/beat.py). The supervisor
# reads these settings too and does not load Celery.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Beat only asks "who is due now?"; every answer is in the database, so
    # a missed tick is caught up by the next.
    "send-due-digests": {
        "task": "mail.tasks.send_due_digests",
        "schedule": TICK,
        "options": {"expires": TICK},
    },
    "send-due-reminders": {
        "task": "mail.tasks.send_due_reminders",
        "schedule": TICK,
        "options": {"expires": TICK},
    },
    "send-due-bundles": {
        "task": "mail.tasks.send_due_bundles",
        "schedule": TICK,
        "options": {"expires": TICK},
    },
    "send-waiting-mail": {
        "task": "mail.tasks.send_waiting",
        "schedule": TICK,
        "options": {"expires": TICK},
    },
    "harvest": {
        "task": "papers.tasks.harvest",
        "schedule": {"minute": 20},
        "options": {"expires": 3000},
    },
    # Nothing is enqueued by who writes: that would cost each comment more than this.
    "tell": {
        "task": "notifications.tasks.tell",
        "schedule": min(TICK, 5),
        "options": {"expires": 5},
    },
    "look-after-questions": {
        "task": "notifications.tasks.look_after_questions",
        "schedule": TICK,
        "options": {"expires": TICK},
    },
    "forget-old-notifications": {
        "task": "notifications.tasks.forget_old",
        "schedule": {"minute": 25},
        "options": {"expires": 3000},
    },
    "render-again": {
        "task": "community.tasks.render_again",
        "schedule": {"minute": 40},
        "options": {"expires": 3000},
    },
    "forget-ended-drafts": {
        "task": "community.tasks.forget_ended_drafts",
        "schedule": {"minute": 50},
        "options": {"expires": 3000},
    },
    "close-polls": {
        "task": "community.tasks.close_polls",
        "schedule": min(TICK, 60),
        "options": {"expires": 60},
    },
    "delete-unused-uploads": {
        "task": "community.tasks.delete_unused_uploads",
        "schedule": {"minute": 50},
        "options": {"expires": 3000},
    },
    "rebuild-index": {
        "task": "search.tasks.rebuild_index",
        "schedule": TICK,
        "options": {"expires": TICK},
    },
    "build-vocabulary": {
        "task": "search.tasks.build_vocabulary",
        "schedule": {"hour": 3, "minute": 50},
        "options": {"expires": 3000},
    },
    "heartbeat": {
        "task": "operate.tasks.heartbeat",
        "schedule": min(TICK, 60),
        "options": {"expires": 60},
    },
    "look": {
        "task": "operate.tasks.look",
        "schedule": max(TICK, 60),
        "options": {"expires": 60},
    },
    "clear-sessions": {
        "task": "members.tasks.clear_sessions",
        "schedule": {"hour": 4, "minute": 10},
    },
}

# Who may come in
AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "members.backends.RoleBackend",
]
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
# no password to forget: a code by mail, or a passkey
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "add_email": "members.forms.AddEmailForm",
    "change_password": "members.forms.ChangePasswordForm",
    "confirm_email_verification_code": "members.forms.ConfirmEmailCodeForm",
    "confirm_login_code": "members.forms.ConfirmLoginCodeForm",
    "login": "members.forms.LoginForm",
    "request_login_code": "members.forms.RequestLoginCodeForm",
    "reset_password": "members.forms.ResetPasswordForm",
    "set_password": "members.forms.SetPasswordForm",
    "signup": "members.forms.SignupForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# A mail may be slow: greylisting and gateways take ten minutes. The pages
# say when a code is too old.
CODE_SECONDS = 15 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = (
    CODE_SECONDS
)
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
# as long as the page that asks for the code can be answered
ACCOUNT_LOGIN_TIMEOUT = 2 * 3600
PASSWORD_RESET_TIMEOUT = 3600
# Who signs in, joins or asks for a mail is counted in members/limits.py:
# by account and browser before by address.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "5/5m/key",  # the digits of an authenticator app
    "signup": None,
    "request_login_code": None,
    "reset_password": None,
    "confirm_email": None,  # counted when the mail is sent
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
# a change of what signs in is told to the address before it
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# allauth takes any method for a proof; members/proof.py says what is one
ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"
MFA_ADAPTER = "members.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "members.forms.PasskeyForm",
    "login_webauthn": "members.credentials.LoginForm",
    "authenticate_webauthn": "members.credentials.AuthenticateForm",
    "reauthenticate_webauthn": "members.credentials.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
USERSESSIONS_TRACK_ACTIVITY = False

# Behind TLS: a proxy ends it and passes X-Forwarded-Proto.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = (
    number("HSTS_SECONDS", int(timedelta(days=365).total_seconds()))
    if BEHIND_TLS
    else 0
)
# Both also bind names that the site does not know, and are hard to take
# back: only when asked for.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # the two settings above
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
# the container's own health check speaks plain HTTP
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_REFERRER_POLICY = "same-origin"
# Without TLS browsers ignore it and complain in the console.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if BEHIND_TLS else None
# The reason, and all other cookies, are in config/cookies.py.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    cookie_name("sessionid", SITE_URL),
    cookie_name("csrftoken", SITE_URL),
)
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "members.views.form_expired"
# The one style inside a page: the browser must know of the transition
# between pages before it has the style sheets, or it ends each with an
# uncaught error. The hash is that of templates/look/_transition.html.
TRANSITION_STYLE = "'sha256-Ngvvth3plOsBTn7B8lkGqas66JJgMv74SWTaougjSJk='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, TRANSITION_STYLE],
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
# of one member, from one web process; 0 for any number
PAGES_PER_MINUTE = number("PAGES_PER_MINUTE", 600)
# whole bodies, files included; and their text alone
BODY_BYTES_MAX = DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Forms that take pictures and files may be as large as the largest of them, and a
# process keeps two such bodies at a time (operate/webworker.py).
UPLOAD_BYTES_MAX = 13_000_000
UPLOAD_PATHS = (
    r"/pictures/add/|/posts/new/|/posts/[0-9]+/(?:edit|comment)/"
    r"|/posts/comments/[0-9]+/edit/"
)
# what one member may store, and all together
MEMBER_FILES_MB = number("MEMBER_FILES_MB", 200)
SITE_FILES_MB = number("SITE_FILES_MB", 10_000)
# a resource with 200 sections has 2,000 in the admin
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000
# for a whole request to come, and for an answer to go
REQUEST_SECONDS = number("REQUEST_SECONDS", 30, least=1)
# for the next piece of a request
REQUEST_IDLE_SECONDS = number("REQUEST_IDLE_SECONDS", 10, least=1)
MESSAGE_STORAGE = "config.cookies.Messages"

# Mail: into a folder unless SMTP is configured; the owner reads the folder
# on the outbox page.
OUTBOX_DIR = DATA_DIR / "outbox"
EMAIL_URL = with_scheme(
    "EMAIL_URL", env.str("EMAIL_URL", default=""), env.EMAIL_SCHEMES
)
EMAIL_BACKEND = "mail.backends.OutboxBackend"
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
if EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend":
    # the same, and it says exactly what became of a mail
    EMAIL_BACKEND = "mail.backends.SmtpBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = (
    env.str("MAIL_FROM", default="") or f"Minibatch <minibatch@{SITE_HOST}>"
)
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or SITE_HOST
UNSUBSCRIBE_MAILBOX = env.str("UNSUBSCRIBE_MAILBOX", default="")

# arXiv
ARXIV_RSS_URL = env.str("ARXIV_RSS_URL", default="https://rss.arxiv.org/rss/")
ARXIV_CATEGORIES = env.list(
    "ARXIV_CATEGORIES", default=["cs.LG", "cs.CL", "cs.CV", "stat.ML"]
)
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
# told in security.txt only where it was given
SECURITY_CONTACT = env.str("CONTACT_EMAIL", default="")
# Hosts that may be called although their address is private, such as a
# mirror of arXiv in the same network.
OUTBOUND_PRIVATE_HOSTS = env.list("OUTBOUND_PRIVATE_HOSTS", default=[])

# Language, time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
# with one language no word of a page is looked up: a sixth of a page's
# time
USE_I18N = len(LANGUAGES) > 1
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: collected, hashed and compressed on `make up`; served by
# the web process.
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": storage(env.str("FILES_URL", default=""), DATA_DIR / "media"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "operate.lighter.LighterStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "config.logs.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # config.hosts says it in one line, and refuses every request that
        # Django would.
        "django.security.DisallowedHost": {
            "handlers": [],
            "propagate": False,
            "level": "CRITICAL",
        },
        "django.server": {
            "handlers": ["console"],
            "level": "WARNING",
            "propagate": False,
        },
    },
}
FORMS_URLFIELD_ASSUME_HTTPS = True
