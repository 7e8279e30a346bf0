"""All settings, from the environment (or `.env`), in one loud file.

A wrong value stops the start with one line that names the variable.
"""

import os
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_noop

from config.environment import (
    ROOT,
    broker,
    load_file,
    read,
    timestamp_address,
    token_address,
    truth,
    web_address,
    words,
)
from core import sqlite

sqlite.install()
load_file(Path(os.environ.get("ENV_FILE", ROOT / ".env")))

VAR = read("VAR_DIR", Path, ROOT / "var")

# --- who and where ---------------------------------------------------------------------
DEBUG = read("DEBUG", truth, False)
SECRET_KEY = read("SECRET_KEY", str, "development only: never a secret" if DEBUG else None)
SITE_URL = read("SITE_URL", web_address, "http://127.0.0.1:8000" if DEBUG else None)
SITE_HOST = SITE_URL.partition("://")[2]
ALLOWED_HOSTS = read("ALLOWED_HOSTS", words, [SITE_HOST.partition(":")[0]])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Sign-in links for the sample's people exist only where nothing is at stake.
SAMPLE_LINKS = DEBUG
REQUIRE_SECOND_FACTOR = read("REQUIRE_SECOND_FACTOR", truth, not DEBUG)

INSTALLED_APPS = [
    "core",
    "accounts",
    "registry",
    "fairs",
    "booths",
    "badges",
    "mou",
    "sample",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.CompressMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.PermissionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.LanguageMiddleware",
    "config.middleware.DomainErrorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SecondFactorMiddleware",
    "config.middleware.PlainAddressMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "csp.context_processors.nonce",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "config.context.desk",
            ],
            "builtins": ["core.templatetags.cho_phien"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data --------------------------------------------------------------------------------


def database(url: str) -> dict[str, Any]:
    """Django's settings for `sqlite:///path` or `postgres://…`."""
    if url.partition(":")[0] not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError("only sqlite:/// and postgres:// are supported")
    try:
        settings = environ.Env.db_url_config(url)
    except Exception as error:
        raise ValueError(f"{url!r} is no database address") from error
    if settings.get("ENGINE") == "django.db.backends.sqlite3":
        Path(settings["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        settings["OPTIONS"] = sqlite.OPTIONS
    else:
        settings["CONN_MAX_AGE"] = 60
        settings["CONN_HEALTH_CHECKS"] = True
        # A worker whose machine vanished in the middle of a transaction must not hold its rows.
        settings["OPTIONS"] = {"options": "-c idle_in_transaction_session_timeout=60000"}
    return settings


DATABASES = {"default": read("DATABASE_URL", database, database(f"sqlite:///{VAR}/chophien.db"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

MEDIA_ROOT = read("MEDIA_ROOT", Path, VAR / "files")
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- worker ------------------------------------------------------------------------------
# The job row is the truth (core.jobs): no result backend, no ETA, one message = one row's id.
# A message is acknowledged before its job begins: of a worker that dies the sweep learns from
# the row's lease, and a worker that loses its broker in the middle of a job has nothing left
# to give back to it (giving back on a dead connection ends the process: kombu issue 582).
CELERY_BROKER_URL = read("BROKER_URL", broker, "filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem://"):
    for folder in ("messages", "control"):
        (VAR / "broker" / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(VAR / "broker" / "messages"),
        "data_folder_out": str(VAR / "broker" / "messages"),
        "control_folder": str(VAR / "broker" / "control"),
        "polling_interval": 0.1,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "max_retries": 0,
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "visibility_timeout": 900,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "core.sweep", "schedule": 15.0, "options": {"expires": 15}},
    # Asked often, done once a day (fairs.tasks): a machine that was off in the morning catches up.
    "reminders": {"task": "fairs.ask_reminders", "schedule": 1800.0, "options": {"expires": 600}},
    # More often than the day needs: a worker that stood still at midnight asks an hour later.
    "memoranda": {"task": "mou.daily", "schedule": 3600.0, "options": {"expires": 3600}},
    "offers": {"task": "booths.watch_offers", "schedule": 60.0, "options": {"expires": 60}},
    "protocols": {"task": "booths.watch_papers", "schedule": 60.0, "options": {"expires": 60}},
    "seals": {"task": "mou.watch_seals", "schedule": 60.0, "options": {"expires": 60}},
    # Often enough to be sure; the job's key makes it once a day, and nobody is written to at night.
    "follow-ups": {
        "task": "mou.ask_follow_ups",
        "schedule": crontab(minute="*/15", hour="8-20"),
        "options": {"expires": 900},
    },
    "forget": {"task": "mou.forget", "schedule": 3600.0, "options": {"expires": 3600}},
}

# --- language and time -------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", gettext_noop("Vietnamese")), ("en", gettext_noop("English"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = "core.formats"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- signing in --------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
# How many proxies stand before us: whose word on a visitor's address is taken.
ALLAUTH_TRUSTED_PROXY_COUNT = read("PROXIES", int, 0)
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Chợ Phiên"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
EMAIL_CONFIG = read(
    "EMAIL_URL",
    environ.Env.email_url_config,
    {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"} if DEBUG else None,
)
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = read("FROM_EMAIL", str, f"Chợ Phiên <no-reply@{ALLOWED_HOSTS[0]}>")

# --- verifying ---------------------------------------------------------------------------
# What one address may ask of the public verify page in a minute.
VERIFY_PAGES_PER_MINUTE = read("VERIFY_PAGES_PER_MINUTE", int, 60)
VERIFY_FILES_PER_MINUTE = read("VERIFY_FILES_PER_MINUTE", int, 10)

# --- webhooks ----------------------------------------------------------------------------
# Whether messages may go to private addresses and by plain http: for trying things out.
WEBHOOK_ALLOW_PRIVATE = read("WEBHOOK_ALLOW_PRIVATE", truth, False)

# --- text messages -----------------------------------------------------------------------
# Who carries text messages: the dotted path of a class like core.sms.ConsoleGateway, or nobody.
SMS_BACKEND = read("SMS_BACKEND", str, "core.sms.ConsoleGateway" if DEBUG else "")

# --- sealing -----------------------------------------------------------------------------
# Without a certificate of the office a development key is made on first start, and said to be one.
DEVELOPMENT_KEY_FILE = VAR / "keys" / "development.p12"
SEAL_KEY_FILE = read("SEAL_KEY_FILE", Path, DEVELOPMENT_KEY_FILE)
# A key on a smart card or an HSM goes before a file; its PIN is the passphrase.
SEAL_KEY_TOKEN: dict[str, str] = read("SEAL_KEY_TOKEN", token_address, {})
SEAL_KEY_IS_DEVELOPMENT = SEAL_KEY_FILE == DEVELOPMENT_KEY_FILE and not SEAL_KEY_TOKEN
SEAL_KEY_PASSPHRASE = read("SEAL_KEY_PASSPHRASE", str, "development only" if DEBUG else None)
# Where a timestamp (RFC 3161) is fetched for each seal; without one a seal waits, unless allowed.
SEAL_TIMESTAMP_URL = read("SEAL_TIMESTAMP_URL", timestamp_address, "")
SEAL_TIMESTAMP_REQUIRED = read("SEAL_TIMESTAMP_REQUIRED", truth, True)

# --- browser -----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if SITE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains: the office's other sites are not ours to bind
    "security.W008",  # redirecting to https is the proxy's work
    "security.W021",  # preload: the same
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"core.jobs": {"level": "INFO"}},
}
