"""Django settings; whatever an installation may change comes through ``env.py``."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from otklik.config.env import ROOT, BadSetting, database, read_env

try:
    ENV = read_env()
except BadSetting as wrong:
    # One line and no traceback: this is for the person who set the variable.
    print(f"otklik: {wrong}", file=sys.stderr)
    raise SystemExit(2) from None
TESTING = "pytest" in sys.modules

SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = [ENV.secret_key_old] if ENV.secret_key_old else []
DEBUG = ENV.debug
_public_host = urlsplit(ENV.public_url).hostname or "localhost"
ALLOWED_HOSTS = [_public_host, "localhost", "127.0.0.1", "[::1]", *(["testserver"] if TESTING else [])]
CSRF_TRUSTED_ORIGINS = [ENV.public_url]
OTKLIK = ENV

INSTALLED_APPS = [
    # Ours stand first: of two apps with a template or a translation of the same name the first is heard.
    "otklik.kit",
    "otklik.search",
    "otklik.jobs",
    "otklik.events",
    "otklik.analytics",
    "otklik.identity",
    "otklik.partners",
    "otklik.desk",
    "otklik.payouts",
    "otklik.knowledge",
    "otklik.dialogue",
    "otklik.feedback",
    "otklik.assist",
    "otklik.loop",
    "otklik.relationships",
    "otklik.impact",
    "otklik.portal",
    "otklik.api",
    "otklik.console",
    "otklik.edge",
    "otklik.demo",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_q",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "otklik.kit.security.ContentSecurityPolicy",
    "otklik.kit.security.NothingKept",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "otklik.kit.packing.PackedPages",
    "otklik.kit.security.NoNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "otklik.identity.web.middleware.FirstRun",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "otklik.identity.web.middleware.PersonLocale",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "otklik.config.urls"
WSGI_APPLICATION = "otklik.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "otklik" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "otklik.identity.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "otklik.kit.templatetags.otklik"],
        },
    }
]

DATABASES = {"default": database(ENV)}
# Throttles must hold across processes, so they live in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "otklik_cache",
        # A busy form alone counts more visitors than the usual 300; what is thrown out then is, first of all,
        # how often somebody tried to sign in.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # django-q2 notes its state twice a second: in the database that would be a synced write each time, and a
    # false "something changed" for everybody who watches the file.
    "cluster": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "cluster"},
}

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["otklik.identity.web.standing.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:  # the real hasher is slow on purpose, which only costs time in tests
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "otklik.identity.web.adapter.StaffAdapter"
ACCOUNT_FORMS = {"login": "otklik.identity.web.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login": "30/m/ip",
    "reset_password": "20/m/ip,5/m/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "otklik.identity.web.forms.AddPasskeyForm"}
MFA_TOTP_ISSUER = "Otklik"
# Browsers treat http://localhost as a secure origin; anything else must come over https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _public_host == "localhost"

LANGUAGE_CODE = "en"
# Ours, and whatever somebody put translations of the portal beside them for: what those lack is English.
_found = sorted(
    path.parents[1].name.replace("_", "-").lower()
    for path in (ROOT / "otklik/portal/locale").glob("*/LC_MESSAGES/django.po")
)
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LANGUAGES += [
    (one, LANG_INFO[one]["name_local"]) for one in _found if one in LANG_INFO and one not in ("ru", "en")
]
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "otklik.kit.formats"
TIME_ZONE = "UTC"
LOCALE_PATHS = [ROOT / "otklik" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data_dir / "static"
STATICFILES_DIRS = [ROOT / "otklik" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "otklik.kit.assets.NodeModulesFinder",
]
_plain_static = TESTING or DEBUG
STORAGES = {
    "default": {"BACKEND": "otklik.kit.storage.PrivateStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _plain_static
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = _plain_static
WHITENOISE_AUTOREFRESH = _plain_static
MEDIA_ROOT = ENV.data_dir / "files"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "otklik.kit.uploads.DiskUploads",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

SESSION_ENGINE = "otklik.identity.web.standing"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "otklik_session"
CSRF_COOKIE_NAME = "otklik_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if ENV.public_url.startswith("https://"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
if ENV.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The address that sign-in attempts are counted by: the last one the proxy itself added. Without a proxy
    # the header is whatever the visitor writes, so it is not read.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

Q_CLUSTER = {
    "name": "otklik",
    "label": _("Jobs"),
    "orm": "default",
    # Counts how often a job was handed out and quarantines it in the end, so django-q2's own limit is off.
    "broker_class": "otklik.jobs.broker.Broker",
    "max_attempts": 0,
    "cache": "cluster",
    "workers": 2,
    # Few jobs wait inside the cluster: their locks run meanwhile, and a long job ahead would let them expire.
    "bulk": 5,
    "queue_limit": 2,
    "save_limit": -1,
    "timeout": max(1, min(300, ENV.worker_retry_seconds - 1)),
    # Longer than the longest timeout, or a job that still runs is handed out a second time.
    "retry": ENV.worker_retry_seconds,
    "ack_failures": False,
    "recycle": 1000,
    "poll": 0.3,
    "catch_up": False,
    "log_level": "WARNING",
}

EMAIL_BACKEND = "otklik.jobs.mail_backend.QueuedMail"
DEFAULT_FROM_EMAIL = ENV.mail_from
ANYMAIL = ENV.anymail_options

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"keys": {"()": "otklik.kit.logs.KeysInAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["keys"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django-q": {"level": "WARNING"},  # at INFO it writes several lines for every job
    },
}
