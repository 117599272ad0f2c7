"""Settings of claimtrack, all read from the environment (README, "Environment").

No secret has a default: without `SECRET_KEY` whatever needs it stops with an error, and only `extract`, which needs
neither key nor database, runs.
"""

import re
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from claimtrack import env
from claimtrack.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_env_file(Path(env.text("ENV_FILE") or BASE_DIR / ".env"))

SECRET_KEY = env.text("SECRET_KEY")
DEBUG = env.boolean("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=("localhost", "127.0.0.1", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
BEHIND_TLS = env.boolean("BEHIND_TLS", default=False)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "csp",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "sources",
    "claims",
    "claimtrack",
]

MIDDLEWARE = [
    "claimtrack.middleware.RequestMiddleware",  # first: it counts and names the answers of all others too
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "claimtrack.programs.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "claimtrack.programs.AuthenticationMiddleware",
    "claimtrack.programs.OTPMiddleware",
    "claimtrack.second_factor.SecondFactorMiddleware",
    "claimtrack.programs.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "claimtrack.programs.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
    "claimtrack.rest.throttles.RateLimitMiddleware",
    "claimtrack.rest.untying.UntyingMiddleware",  # last: right behind the view
]

ROOT_URLCONF = "claimtrack.urls"
WSGI_APPLICATION = "claimtrack.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "claimtrack" / "templates"],  # before the stock admin's, one of which it extends
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database --------------------------------------------------------------------------------------------------------


def _database() -> dict[str, Any]:
    url = env.text("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'claimtrack.sqlite3'}")
    if not url:
        raise ImproperlyConfigured("DATABASE_URL is set but empty; unset it for SQLite, or give postgres://…")
    try:
        config = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    except ValueError:  # its message may repeat the password
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://USER:PASSWORD@HOST:PORT/NAME or sqlite:///PATH, special characters"
            " in %-encoding"
        ) from None
    if config["ENGINE"] == "django.db.backends.postgresql":
        config["ENGINE"] = "claimtrack.postgresql"
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # Writers queue at BEGIN instead of failing half-way, and readers never wait for them. A search among a million
        # claims touches more pages than the usual 2 MB hold: with 8 it takes a third less.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            " PRAGMA cache_size=-8000;",
        }
    return config


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ----------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "claimtrack.second_factor.DeskBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_REDIRECT_URL = "admin:index"  # where somebody goes whose `next` is refused
# By name and address together: locking by address alone would shut out everybody behind one proxy.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
REQUIRE_SECOND_FACTOR = env.boolean("REQUIRE_SECOND_FACTOR", default=False)  # of all staff; else of who turned it on
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 1  # seconds after a wrong code, doubled with each further one

# --- Server, logs, cache ---------------------------------------------------------------------------------------------

PORT = env.integer("PORT", default=8000, minimum=1)
SERVER_WORKERS = env.integer("SERVER_WORKERS", default=1, minimum=1)
SERVER_THREADS = env.integer("SERVER_THREADS", default=4, minimum=1)
# The HTML parser's caches grow by some 2 MB in 100 pages: a worker past this size is replaced by a fresh one.
SERVER_WORKER_MAX_MB = env.integer("SERVER_WORKER_MAX_MB", default=1500)
# Addresses or networks whose X-Forwarded-For is believed (claimtrack/wsgi.py). Unset: nobody's.
TRUSTED_PROXIES = env.words("TRUSTED_PROXIES")
LOGGING = logging_config(
    level=env.choice("LOG_LEVEL", ("info", "debug", "warning", "error")),
    form=env.choice("LOG_FORMAT", ("json", "text")),
)


def _cache() -> tuple[dict[str, Any], str]:
    """Where requests are counted for throttling, and the folder of the table that workers share.

    `memory:` counts in each process by itself; `serve` gives its workers a table where nothing is set.
    """
    url = env.text("CACHE_URL") or "memory:"
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    scheme, _, rest = url.partition(":")
    if scheme == "memory":
        return memory, ""
    if scheme == "file" and rest.startswith("///"):
        return memory, rest[2:]
    if scheme in {"redis", "rediss"} and rest.startswith("//"):  # needs the package `redis`
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}, ""
    raise ImproperlyConfigured("CACHE_URL must be memory:, file:///FOLDER or redis://HOST:PORT/NUMBER")


_CACHE, THROTTLE_FOLDER = _cache()
CACHES = {"default": _CACHE}

# --- Time, language, files -------------------------------------------------------------------------------------------

TIME_ZONE = "UTC"  # DRF would print local offsets where orjson prints UTC
USE_TZ = True
LANGUAGE_CODE = "en"
USE_I18N = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

# --- Safety ----------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "style-src": [SELF],
        "script-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None

# Pages of other origins may call the API only where these are named; never with cookies.
CORS_ALLOWED_ORIGINS = env.words("CORS_ORIGINS")
for _origin in CORS_ALLOWED_ORIGINS:
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]{1,260}", _origin):
        raise ImproperlyConfigured(f"CORS_ORIGINS must list origins such as https://news.example, got {_origin!r}")
CORS_URLS_REGEX = r"^/(api|compat|v1alpha1)/"
CORS_ALLOW_METHODS = ["GET", "POST", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-request-id"]
CORS_EXPOSE_HEADERS = [
    *("Content-Disposition", "ETag", "Idempotency-Replayed", "Link", "RateLimit", "RateLimit-Policy", "Retry-After"),
    "X-Request-ID",
]
if CORS_ALLOWED_ORIGINS:
    INSTALLED_APPS.append("corsheaders")
    MIDDLEWARE.insert(1, "corsheaders.middleware.CorsMiddleware")  # before all that may answer by itself

# --- What claimtrack itself may be told ------------------------------------------------------------------------------

MAX_ARTICLE_BYTES = env.integer("MAX_ARTICLE_BYTES", default=1_000_000, minimum=1_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * MAX_ARTICLE_BYTES  # a batch of articles may be longer than one
PUBLIC_ARTICLE_TEXT = env.boolean("PUBLIC_ARTICLE_TEXT", default=True)
# By it the names of erased persons are known again; without it they would come back unnoticed, so it never changes.
ERASURE_PEPPER = env.text("ERASURE_PEPPER") or SECRET_KEY or ""
DESK_NAME = env.text("DESK_NAME") or "claimtrack"  # who publishes verdicts, in ClaimReview and feeds
OTP_TOTP_ISSUER = DESK_NAME


def _public_url() -> str:
    url = env.text("PUBLIC_URL") or f"http://127.0.0.1:{PORT}"
    if not re.fullmatch(r"https?://[^/?#\s]+/?", url):
        raise ImproperlyConfigured(f"PUBLIC_URL must look like https://desk.example, without a path; got {url!r}")
    return url.rstrip("/")


# --- Webhooks (claims/services/webhooks.py) --------------------------------------------------------------------------

PUBLIC_URL = _public_url()  # addresses in messages, which have no request to take the host from
WEBHOOK_PRIVATE_HOSTS = env.words("WEBHOOK_PRIVATE_HOSTS")
WEBHOOK_READER = "claimtrack.rest.saved_filters.ClaimReader"

# --- Work queue (claimtrack/celery.py) -------------------------------------------------------------------------------

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL")  # unset: no queue; `serve` and the commands do all work themselves
WORK_QUEUE = "claimtrack.celery.app"  # imported only where there is a broker, since Celery may not be installed

# --- REST (claimtrack/rest) ------------------------------------------------------------------------------------------


def _rate(name: str, default: str) -> str:
    """Requests in a time, such as 120/min; empty where the variable is `off`."""
    value = env.text(name) or default
    if value == "off":
        return ""
    if not re.fullmatch(r"[1-9][0-9]{0,8}/(s|sec|m|min|h|hour|d|day)", value):
        raise ImproperlyConfigured(f"{name} must be a rate such as 120/min or 10/s, or off; got {value!r}")
    return value


THROTTLE_ANON = _rate("THROTTLE_ANON", "600/min")
THROTTLE_TOKEN = _rate("THROTTLE_TOKEN", "6000/min")
THROTTLE_EXTRACT = _rate("THROTTLE_EXTRACT", "60/min")
MAX_EXTRACT_BYTES = min(MAX_ARTICLE_BYTES, 200_000)  # some 4 s of the engine's time
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claimtrack.rest.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["claimtrack.rest.permissions.ReadFreelyWriteByRole"],
    "DEFAULT_THROTTLE_CLASSES": [
        "claimtrack.rest.throttles.AnonymousThrottle",
        "claimtrack.rest.throttles.KnownThrottle",
        "claimtrack.rest.throttles.CostlyThrottle",
    ],
    "DEFAULT_PARSER_CLASSES": ["claimtrack.rest.parsers.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["claimtrack.rest.renderers.JsonRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "claimtrack.rest.negotiation.Negotiation",
    "DEFAULT_FILTER_BACKENDS": ["claimtrack.rest.filters.StrictFilters"],
    "DEFAULT_PAGINATION_CLASS": "claimtrack.rest.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "claimtrack.rest.schema.DescribedSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "claimtrack.rest.errors.exception_handler",
    "NUM_PROXIES": 0,  # the address is REMOTE_ADDR; claimtrack/wsgi.py sets it from trusted proxies only
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["claimtrack.rest.renderers.JsonRenderer"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "claimtrack",
    "VERSION": "1",
    "DESCRIPTION": "Who is reported to have said what, exactly where in the text, and whether it holds.",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"validatorUrl": None, "deepLinking": True, "persistAuthorization": False},
    "ENUM_NAME_OVERRIDES": {
        "ClaimKind": "claims.models.Claim.Kind",
        "Act": "claims.models.Claim.Act",
        "SpeakerStatus": "claims.models.Claim.SpeakerStatus",
        "ReviewStatus": "claims.models.Claim.ReviewStatus",
        "SpeakerKind": "claims.models.Speaker.Kind",
        "SourceKind": "sources.models.Source.Kind",
        "NoteKind": "claims.models.Note.Kind",
        "VerdictState": "claims.models.Verdict.State",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claimtrack.rest.schema.complete",
        "claimtrack.rest.promises.describe",
    ],
}
