"""Django's settings, made from the table. Rooms read `django.conf.settings.NAME`."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tongban.config import logs
from tongban.config.table import read_all
from tongban.kernel import crypto_suites

_values = read_all(os.environ)
globals().update(_values)
PROFILE: str = _values["PROFILE"]
HOME: Path = Path(_values["HOME"]).absolute()
ADDRESS: str = _values["ADDRESS"].rstrip("/")
_address = urlsplit(ADDRESS)
_demo = PROFILE in {"demo", "test"}

SECRET_KEY: str = _values["SECRET_KEY"] or ("only-for-the-demonstration-" * 2 if _demo else "")
DEBUG = False
ALLOWED_HOSTS = [*_values["ALLOWED_HOSTS"], _address.hostname or "127.0.0.1"]
if _demo:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "testserver"]
CSRF_TRUSTED_ORIGINS = [ADDRESS]

# Every room, top floor first; a room that does not exist yet is left out.
_SOURCE = Path(__file__).resolve().parent.parent
_ROOMS = (
    "demo", "site", "recovery", "transfer", "sso", "mandates", "catalogue", "proofing", "review",
    "accounts", "challenge", "notify", "vault", "audit", "design", "web",
)  # fmt: skip
ROOMS = [room for room in _ROOMS if (_SOURCE / room / "apps.py").exists() and (room != "demo" or PROFILE == "demo")]
INSTALLED_APPS = [
    "tongban.config",
    *(f"tongban.{room}" for room in ROOMS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]
CSRF_FAILURE_VIEW = "tongban.site.error_pages.form_expired"
ROOT_URLCONF = "tongban.config.urls"
WSGI_APPLICATION = "tongban.config.wsgi.application"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MIDDLEWARE = [
    "tongban.web.middleware.believed_scheme",
    "django.middleware.security.SecurityMiddleware",
    "tongban.site.middleware.request_context",
    "tongban.site.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tongban.site.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tongban.accounts.middleware.signed_in_account",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tongban.site.middleware.no_store",
    "tongban.site.middleware.HelpfulErrors",
]
if _values["METRICS_TOKEN"]:
    MIDDLEWARE.insert(0, "tongban.site.measuring.measured")
LOGGING = logs.logging(style=_values["LOG_STYLE"], level=_values["LOG_LEVEL"])
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "tongban.design.context.page",
                "tongban.site.context.site",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    """Return Django's description of the database named by the setting DATABASE."""
    url = urlsplit(_values["DATABASE"])
    if not url.scheme:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "tongban.sqlite3",
            # A file, not memory: the race tests need the locks that production has.
            "TEST": {"NAME": HOME / "test.sqlite3"},
            # Opening the file and closing it, which writes the log back, cost 3 ms of every request.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # secure_delete: what is erased is overwritten, not left in free space of its page.
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
                "PRAGMA secure_delete=FAST;",
            },
        }
    query = dict(part.split("=", 1) for part in url.query.split("&") if part)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.get("host", url.hostname or ""),
        "PORT": query.get("port", str(url.port or "")),
        "OPTIONS": {
            # With a pool Django requires CONN_MAX_AGE 0: the pool keeps the connections.
            "pool": {"min_size": 1, "max_size": _values["DATABASE_POOL"]},
            # Statements are sent apart from their values, so that they can stay prepared: a third less work on both
            # sides of a log-in.
            "server_side_binding": True,
        },
        "CONN_MAX_AGE": 0,
    }


DATABASES = {"default": _database()}
# Only fragments of pages that are the same for everybody; tests must not see each other's.
_CACHE = "dummy.DummyCache" if PROFILE == "test" else "locmem.LocMemCache"
CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{_CACHE}"}}
# Pictures of documents never touch a temporary folder; a form has fewer of them than this.
FILE_UPLOAD_HANDLERS = ["tongban.vault.upload_handler.BoundedUpload"]
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FORM_RENDERER = "tongban.design.renderer.Renderer"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["tongban.accounts.backend.AccountBackend"]
# The first hashes new passwords, the others are still verified: see accounts.credentials for what that costs.
_HASHERS = {
    "argon2id": "tongban.accounts.hashers.PepperedArgon2",
    "pbkdf2-hmac-sm3": "tongban.accounts.hashers.PepperedPbkdf2Sm3",
}
_preferred = _values["PASSWORD_HASH"] or crypto_suites.SUITES[_values["CRYPTO_SUITE"]].password
PASSWORD_HASHERS = [
    _HASHERS.pop(_preferred),
    *_HASHERS.values(),
    "tongban.transfer.hashers.SealedLegacyPassword",
]
LOGIN_REDIRECT_URL = "/account/"
SESSION_ENGINE = "tongban.accounts.sessions"
_https = _address.scheme == "https"
# Browsers take a __Host- cookie over https from this very host only: no neighbouring host can plant or read one.
_host = "__Host-" if _https else ""
SESSION_COOKIE_NAME = f"{_host}tongban_session"
CSRF_COOKIE_NAME = f"{_host}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0  # RFC 6797: browsers come back over https only
CSRF_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [_SOURCE / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# Hashed names and compressed twins are made by collectstatic, which tests do not run.
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if PROFILE == "test"
    else "servestatic.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {"staticfiles": {"BACKEND": _STATIC_STORAGE}}
