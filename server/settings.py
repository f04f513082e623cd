"""All settings of the product, in one typed place, from the environment (prefix RELAY_); see docs/runbook.md.

What a centre may set for itself (⚙ in docs/rules.md) is a row of that centre, never a value here.
"""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic_settings import BaseSettings, SettingsConfigDict

from realtime.hub.limits import Limits

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(BaseSettings):
    """What the machine tells the product. Raises pydantic.ValidationError that names each bad variable."""

    model_config = SettingsConfigDict(env_prefix="RELAY_")

    run_dir: Path = BASE_DIR / ".run"
    static_dir: Path | None = None  # the screens' files; default run_dir/static
    data_dir: Path | None = None  # anchors/, uploads/; default run_dir/data
    database_url: str = "postgresql://relay_app@/relay60?host=.run/sock"
    test_database: str = "test_relay60"
    redis_url: str = "redis://127.0.0.1:6379/0"
    secret_key_file: Path | None = None  # default run_dir/keys/secret
    master_key_file: Path | None = None  # default run_dir/keys/master; seals the key of each issue
    anchor_key_file: Path | None = None  # default anchor.pem beside the master key; signs a day's last anchor
    mode: Literal["demo", "real", "test"] = "demo"
    allowed_hosts: str = "*"
    csrf_trusted_origins: str = ""
    secure_cookies: bool = False  # on behind TLS
    behind_proxy: bool = False  # all requests come through a proxy of ours: it says from whom
    port: int = 8060
    gateway: Limits = Limits()  # times and sizes of the live protocol, as JSON; see docs/protocol.md


ENV = Environment()
DATA_DIR = ENV.data_dir or ENV.run_dir / "data"
MASTER_KEY_FILE = ENV.master_key_file or ENV.run_dir / "keys" / "master"
ANCHOR_KEY_FILE = ENV.anchor_key_file or MASTER_KEY_FILE.parent / "anchor.pem"
_secret_file = ENV.secret_key_file or ENV.run_dir / "keys" / "secret"
if not _secret_file.exists():
    raise SystemExit(f"no secret key at {_secret_file}: run ./relay up, or set RELAY_SECRET_KEY_FILE")
SECRET_KEY = _secret_file.read_text().strip()


def database_of(url: str) -> dict[str, Any]:
    """Django's settings for a PostgreSQL URL (`postgresql://user:password@host:port/name?host=/socket&port=n`).

    Raises ValueError for another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"a database URL begins with postgresql://, not {parts.scheme}://")
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "server.database",  # PostGIS
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
    }


DEBUG = False
ALLOWED_HOSTS = ENV.allowed_hosts.split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in ENV.csrf_trusted_origins.split(",") if origin]
ROOT_URLCONF = "server.urls"
ASGI_APPLICATION = "server.asgi.application"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.gis",
    "django.contrib.staticfiles",
    "csp",
    "channels",
    "realtime.feed",
    "realtime.delivery",
    "gis.grid",
    "gis.boundaries",
    "gis.basemap",
    "command.units",
    "command.people",
    "command.duty",
    "command.lists",
    "command.settings",
    "command.catalogue",
    "command.channels",
    "command.outside",
    "dispatch.matter.issues",
    "dispatch.matter.orders",
    "dispatch.matter.backfills",
    "dispatch.matter.returns",
    "dispatch.matter.clocks",
    "dispatch.matter.calls",
    "dispatch.matter.custody",
    "dispatch.matter.reports",
    "dispatch.matter.photos",
    "dispatch.matter.viewings",
    "dispatch.matter.replies",
    "dispatch.matter.unseen",
    "dispatch.matter.messages",
    "assessment.situation",
    "assessment.handovers",
    "server",
    "demo",
]
MIDDLEWARE = [
    *(["server.proxy.from_whom"] if ENV.behind_proxy else []),
    "django.middleware.security.SecurityMiddleware",
    "server.problems.in_chinese",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {
    "default": database_of(ENV.database_url)
    | {
        "CONN_HEALTH_CHECKS": True,  # after PostgreSQL has cut its connections nobody is answered by a dead one
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16, "timeout": 5}},
        "TEST": {"NAME": ENV.test_database, "TEMPLATE": "relay_template"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "command.people.passwords.FirstPasswordHasher",  # only for those that we make
]
UNIT_OBLIGATIONS = ["dispatch.matter.orders.obligations.open_of_unit"]  # what keeps a unit from being retired
SESSION_COOKIE_AGE = 8 * 86_400  # past the longest session_hours: the sign-in's own row says when it ends
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure_cookies
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.secure_cookies else None
SECURE_REFERRER_POLICY = "same-origin"
CACHES = {
    "default": {  # truth never depends on a cache
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
# Which sign-in a session names never changes; whether that still holds is asked each time (command/people/queries.py).
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
# Strict: everything comes from this server; MapLibre's worker is a file of ours, its images are data or blobs.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"  # how days are named to people; everything stored is UTC
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = ENV.static_dir or ENV.run_dir / "static"
WHITENOISE_AUTOREFRESH = True  # files of other releases come and go under a running gateway; one stat an answer
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}  # unknown to Python 3.11
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"] if (BASE_DIR / "frontend" / "dist").exists() else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
FILE_UPLOAD_HANDLERS = [
    "dispatch.doors.uploads.LimitedUpload",  # first: what is too large is not read to its end
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",  # a photo is never whole in memory while it comes in
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"weasyprint": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},  # each step of each page
}
