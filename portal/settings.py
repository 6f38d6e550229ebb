"""Settings, read from the environment (`.env` beside manage.py is read too). `.env.example` lists them."""

import os
from pathlib import Path
from urllib.parse import unquote

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from portal import secretfiles, timetable
from portal.embedded import places

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR = Path(env("WANGTING_VAR", default=str(BASE_DIR / "var")))
LAKE_DIR = Path(env("LAKE_DIR", default=str(VAR / "lake")))
LAKE_MEMORY = env("LAKE_MEMORY", default="2GB")  # of each process that reads or writes the lake; the rest spills
LAKE_SHARED = env.bool("LAKE_SHARED", default=False)  # one database of the lake for all pages of a process
LAKE_THREADS = env.int("LAKE_THREADS", default=os.cpu_count() or 1)
DEMO = env.bool("DEMO", default=False)  # a simulated branch: its page lets anybody in as anybody
DEMO_DIR = VAR / "demo"
REJECT_DIR = Path(env("REJECT_DIR", default=str(VAR / "rejects")))
COLLECT_DIR = Path(env("COLLECT_DIR", default=str(VAR / "segments")))  # events that wait for compaction
COLLECT_EVENT_BYTES = env.int("COLLECT_EVENT_BYTES", default=32 * 1024)  # both after inflating, as the API has them
COLLECT_BATCH_BYTES = env.int("COLLECT_BATCH_BYTES", default=500 * 1024)
COLLECT_BATCH_EVENTS = env.int("COLLECT_BATCH_EVENTS", default=2500)
COLLECT_FREE_BYTES = env.int("COLLECT_FREE_BYTES", default=256 * 1024 * 1024)  # of its disk, or nothing is taken
COLLECT_ORIGINS = env.list("COLLECT_ORIGINS", default=[])  # pages of other origins that may send events
COLLECT_RETRY_AFTER = 5  # seconds after which events that were not kept are to be sent again
COLLECT_SEGMENT_BYTES = 64 * 1024 * 1024  # when one of them is reached the segment is closed, and can be compacted
COLLECT_SEGMENT_SECONDS = 5.0
COLLECT_GATHER_SECONDS = 0.0003  # so long a sync waits for others to join, when the one before was shared
COLLECT_KEYS_SECONDS = 10.0  # so long a new key is unknown, and a revoked one good
COLLECT_COPY_SECONDS = env.int("COLLECT_COPY_SECONDS", default=3600)  # so far apart two copies of an event may lie
COLLECT_PORTION_BYTES = env.int("COLLECT_PORTION_BYTES", default=256 * 1024 * 1024)  # compacted at once, in memory
DEAD_LETTER_DIR = Path(env("DEAD_LETTER_DIR", default=str(VAR / "dead-letters")))  # events that could not be taken
COLLECT_TALLY_SECONDS = 10.0  # between lines that count refused requests

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or secretfiles.read_or_make(VAR, "django")
# The first key encrypts, all of them decrypt: a new key is put in front, the old one stays until rows are rewritten.
FIELD_KEYS = env.list("FIELD_KEYS", default=[]) or [secretfiles.read_or_make(VAR, "fields")]
BLIND_INDEX_KEY = env("BLIND_INDEX_KEY", default="") or secretfiles.read_or_make(VAR, "blind-index")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

FLOORS = {
    "clients": "shared lake intake org market register ledger behaviour portrait",
    "kpm": "strategies news outcomes",
    "advisory": "inbox taskqueue dispatch advice chat workbench",
    "portal": "embedded collect payments counter shop home api reports live demo operations",
}
HOUSE_APPS = [f"{floor}.{app}" for floor, apps in FLOORS.items() for app in apps.split()]
INSTALLED_APPS = [
    "portal.admin_site.HouseAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_celery_beat",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "rest_framework.authtoken",
    *HOUSE_APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clients.shared.middleware.PlainAddressMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.collect.middleware.IdentityMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clients.shared.middleware.AuditContextMiddleware",
    "clients.shared.middleware.PrivatePagesMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "django.template.context_processors.i18n",
            ],
            "builtins": ["clients.shared.templatetags.figures"],
        },
    }
]

DATABASES = {"default": env.db_url_config(env("DATABASE_URL", default="") or places.database_url(VAR))}
DATABASES["default"]["TEST"] = {"TEMPLATE": env("TEST_DATABASE_TEMPLATE", default="") or None}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a unix socket folder comes quoted
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
GEOIP_DATABASE = env("GEOIP_DATABASE", default="")  # a file of regions in the MaxMind format; none: regions unknown
COLLECT_PAGE_KEY_SECONDS = env.int("COLLECT_PAGE_KEY_SECONDS", default=60)  # so long pages carry a revoked key
REDIS_URL = env("REDIS_URL", default="") or places.redis_url(VAR)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS_ONLY", default=False)
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "clients.shared.views.csrf_failed"
SECURE_REFERRER_POLICY = "same-origin"

AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "clients.org.backends.StaffBackend",
    "clients.register.backends.ClientBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if DEMO:
    PASSWORD_HASHERS[0] = "portal.demo.hashing.QuickArgon2"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
ROW_SCOPE = "clients.org.access.scope"
ROW_GRANTS = ["clients.register.selectors.granted_client_ids"]
# Hours in which people serve on a trading day, Shanghai time: calls and deadlines count in them (DOMAIN 4.1, ARCH. 6).
SERVICE_SPANS = [span.split("-") for span in env.list("SERVICE_SPANS", default=["09:00-11:30", "13:00-20:00"])]
WORK_DAY_TURNS = env("WORK_DAY_TURNS", default="19:00")  # calls that come later are the next trading day's work
LOGIN_URL = "home:login"
AXES_FAILURE_LIMIT = env.int("LOGIN_FAILURE_LIMIT", default=10)
AXES_COOLOFF_TIME = env.float("LOGIN_COOLOFF_HOURS", default=0.25)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "clients.register.backends.counted_as"
AXES_LOCKOUT_CALLABLE = "clients.shared.views.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_CLIENT_IP_CALLABLE = "clients.shared.addresses.of"
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # servers in front that append to X-Forwarded-For

COPY_DIR = Path(env("COPY_DIR", default=str(VAR / "copies")))  # what clients fetch of their own data
COPY_HOURS = env.int("COPY_HOURS", default=24)  # so long a copy can be fetched
COPIES_PER_DAY = env.int("COPIES_PER_DAY", default=3)  # of one client, within 24 hours
REGISTRATIONS_PER_HOUR = env.int("REGISTRATIONS_PER_HOUR", default=10)  # of one address; a branch's own may need more

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "clients.shared.formats"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.assets.AllowedAssetsFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env("STATIC_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# style-src and script-src without 'unsafe-inline': no inline style, no inline script, anywhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "wangting"
CRISPY_TEMPLATE_PACK = "wangting"

REST_FRAMEWORK = {
    # The token first: a program without one is told so (401), and not that it may not (403).
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.IsClient"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.pagination.NewestFirst",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Wangting",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",  # from our own server, not from a CDN
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

JOB_APP = "portal.celery.app"  # what clients/shared/queue.py sends job numbers with
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="") or places.broker_url(VAR, env("REDIS_URL", default=""))
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None  # there are no results; otherwise beat would plan a clean-up of them
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = timetable.BEAT_SCHEDULE
CELERY_BEAT_SCHEDULER = "clients.shared.beat:RowScheduler"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# With the defaults a crashed worker's message came back after 107 s.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("BROKER_VISIBILITY_TIMEOUT", default=3600),
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # A refused request is an answer, not a fault: with its traceback it would drown the faults.
    "loggers": {
        "axes": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
    },
}
