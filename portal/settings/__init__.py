"""Settings, all from the environment; `docs/configuration.md` lists every variable."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.settings import addresses, data_files, databases, environment
from portal.settings.allauth import *  # noqa: F403 - settings, every one
from portal.settings.branding import *  # noqa: F403
from portal.settings.celery import *  # noqa: F403
from portal.settings.celery import REDIS_URL
from portal.settings.environment import PRODUCTION, duration, env
from portal.settings.journal import journal_places, journal_storage
from portal.settings.licences import licence_storage
from portal.settings.logs import *  # noqa: F403
from portal.settings.messages import *  # noqa: F403
from portal.settings.rest import *  # noqa: F403
from privacy.inventory.retention_classes import AGEING_CLASSES

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = environment.var_dir()
PORTAL_ENV = environment.mode()
IN_PRODUCTION = PORTAL_ENV == PRODUCTION
# A browser accepts such a cookie only from this host and over TLS (RFC 6265bis, 4.1.3.2); elsewhere there is no TLS.
COOKIE_PREFIX = "__Host-" if IN_PRODUCTION else ""
DEBUG = False

SECRET_KEY = environment.secret("SECRET_KEY", PORTAL_ENV, VAR_DIR)
MASTER_KEYS = environment.master_keys(environment.secret("MASTER_KEYS", PORTAL_ENV, VAR_DIR))
MASTER_KEY_PROVIDER = env.str("MASTER_KEY_PROVIDER", default="privacy.encryption.master_keys.ConfiguredMasterKeys")
ALLOWED_HOSTS = addresses.hosts("ALLOWED_HOSTS", PORTAL_ENV)
SITE_URL = addresses.own_site("SITE_URL", PORTAL_ENV, ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = addresses.origins("CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = environment.whole_number("TRUSTED_PROXIES", 0)
WEB_WORKERS = environment.whole_number("WEB_WORKERS", 2, least=1)
WEB_THREADS = environment.whole_number("WEB_THREADS", 8, least=1)

# --- Apps and middleware ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "privacy",
    "accounts",
    "portal",
    "tools",
    "portal.web.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "portal.runtime.json_logs.RequestIdMiddleware",
    # Headers first, so that the answers of all middleware have them.
    "portal.web.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.web.middleware.PolicyMiddleware",
    "portal.web.middleware.ProbeMiddleware",
    "portal.web.middleware.AppsByHttpsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # random length and masked CSRF tokens prevent BREACH
    "portal.web.middleware.NulMiddleware",
    # The files of its page are served in maintenance mode, too.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.web.brand.BrandMiddleware",
    "portal.web.middleware.MaintenanceMiddleware",
    "accounts.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "portal.web.body_limits.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.preferences.middleware.PreferencesMiddleware",
    "accounts.sessions.middleware.SubjectMiddleware",
    "accounts.sessions.middleware.LastUsedMiddleware",
    "accounts.sessions.middleware.KnownDeviceMiddleware",
    "accounts.profiles.middleware.TimeZoneMiddleware",
    "accounts.tries.middleware.RateLimitMiddleware",
    "accounts.sign_in.middleware.TemporaryPasswordMiddleware",
    "accounts.sign_in.middleware.BeginAgainMiddleware",
    "privacy.consent.middleware.ConsentGateMiddleware",
    "accounts.sign_in.middleware.FreshSignInMiddleware",
    "accounts.tries.middleware.ProofOfWorkMiddleware",
]
ROOT_URLCONF = "portal.web.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.web.context.page",
            ],
        },
    },
]
FORM_RENDERER = "portal.web.form_renderer.FormRenderer"

# --- Databases: the data, and the keys apart from it --------------------------------------------------
DATABASES = {
    "default": databases.database("DATABASE_URL", VAR_DIR / "portal.sqlite3", PORTAL_ENV),
    "keys": databases.database("KEYS_DATABASE_URL", VAR_DIR / "keys.sqlite3", PORTAL_ENV),
}
DATABASE_ROUTERS = ["privacy.encryption.router.KeysRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if IN_PRODUCTION and len({(d.get("HOST"), d.get("PORT"), str(d["NAME"])) for d in DATABASES.values()}) < 2:  # noqa: PLR2004
    raise ImproperlyConfigured(
        "KEYS_DATABASE_URL names the same database as DATABASE_URL. Use a separate database for keys: "
        "a backup of the data must not contain the keys that open it."
    )

# --- Cache; the queue is in `portal.settings.celery` ------------------------------------------------------
# The table is used while Redis is away, and for values that must survive a restart of Redis.
_TABLE = {"BACKEND": "portal.runtime.cache.CountingDatabaseCache", "LOCATION": "portal_cache"}
CACHES = {
    "default": {"BACKEND": "portal.runtime.cache.RedisOrTableCache", "LOCATION": REDIS_URL} if REDIS_URL else _TABLE,
    "database": _TABLE,
}

# --- Messages to people --------------------------------------------------------------------------------
OUTBOX_DIR = None if IN_PRODUCTION else VAR_DIR / "outbox"
EMAIL_URL = environment.required_in_production("EMAIL_URL", PORTAL_ENV, "outbox://")
SMS_URL = addresses.sms_url("SMS_URL", PORTAL_ENV)
if "outbox://" in (EMAIL_URL, SMS_URL) and IN_PRODUCTION:
    raise ImproperlyConfigured(
        "EMAIL_URL and SMS_URL must name gateways in production: the outbox stores messages unencrypted."
    )
if EMAIL_URL == "outbox://":
    EMAIL_BACKEND = "privacy.notices.backends.OutboxEmailBackend"
else:
    globals().update(addresses.email_settings("EMAIL_URL"))
# The recipient of alarms, and the token for the figures.
ALARM_EMAIL = addresses.optional_email("ALARM_EMAIL")
METRICS_TOKEN = environment.token("METRICS_TOKEN", PORTAL_ENV)
# The token with which the SMS gateway reports what it did not deliver.
SMS_REPORTS_TOKEN = environment.token("SMS_REPORTS_TOKEN", PORTAL_ENV)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = addresses.sender("DEFAULT_FROM_EMAIL", PORTAL_ENV)

# --- People --------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.sign_in.backends.ContactPointBackend"]
PASSWORD_COST = environment.choice("PASSWORD_COST", "owasp", ["owasp", "low"])
PASSWORD_HASHERS = ["accounts.users.hashers.OwaspArgon2Hasher"]
# NIST SP 800-63B-4, 3.1.1.2: more characters where the password is the only factor.
PASSWORD_MIN_LENGTH = environment.whole_number("PASSWORD_MIN_LENGTH", 15, least=1)
PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR = environment.whole_number(
    "PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR", min(12, PASSWORD_MIN_LENGTH), least=1
)
if PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR > PASSWORD_MIN_LENGTH:
    raise ImproperlyConfigured("PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR must not be more than PASSWORD_MIN_LENGTH.")
PASSWORD_CONTEXT_WORDS = env.list("PASSWORD_CONTEXT_WORDS", default=[])
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.users.passwords.LengthValidator"},
    {"NAME": "accounts.users.passwords.CommonPasswordValidator"},
    {"NAME": "accounts.users.passwords.PasswordContextValidator"},
    {"NAME": "accounts.users.passwords.VoidPasswordValidator"},
]
SESSION_ENGINE = "accounts.sessions.store"
# After the sign-in, and without use; the shorter one counts. Those of staff follow NIST SP 800-63B-4 (AAL2).
SESSION_LIFETIME = environment.lifetime("SESSION_LIFETIME", "P30D")
SESSION_IDLE_LIFETIME = environment.lifetime("SESSION_IDLE_LIFETIME", "P14D")
STAFF_SESSION_LIFETIME = environment.lifetime("STAFF_SESSION_LIFETIME", "PT12H")
STAFF_SESSION_IDLE_LIFETIME = environment.lifetime("STAFF_SESSION_IDLE_LIFETIME", "PT1H")
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "front"
RATE_LIMITS = environment.choice("RATE_LIMITS", "on", ["on", "off"]) == "on"
if IN_PRODUCTION and not RATE_LIMITS:
    raise ImproperlyConfigured("RATE_LIMITS=off is for tests only. It is not allowed in production.")
if IN_PRODUCTION and PASSWORD_COST != "owasp":  # noqa: S105 - a cost, not a password
    raise ImproperlyConfigured("PASSWORD_COST=low is for tests only. It is not allowed in production.")
# NIST SP 800-63B-4, 3.2.2 allows at most 100 before an authenticator no longer works.
MOST_CONSECUTIVE_FAILURES = environment.whole_number("MOST_CONSECUTIVE_FAILURES", 100, least=1)
if MOST_CONSECUTIVE_FAILURES > 100:  # noqa: PLR2004 - the standard's figure
    raise ImproperlyConfigured("MOST_CONSECUTIVE_FAILURES must not be more than 100 (NIST SP 800-63B-4, 3.2.2).")
# Over all people within five minutes, for each kind; more raise an alarm.
MOST_TRIES_OF_ALL = environment.whole_number("MOST_TRIES_OF_ALL", 300, least=1)
DEVICE_COOKIE_NAME = f"{COOKIE_PREFIX}device"
AGE_COOKIE_NAME = f"{COOKIE_PREFIX}age_answered"
FRESH_SIGN_IN = duration("FRESH_SIGN_IN", "PT10M")
UNVERIFIED_FOR = duration("UNVERIFIED_FOR", "PT24H")
CODE_LIFETIME = duration("CODE_LIFETIME", "PT10M")
UNDO_CHANGES_FOR = duration("UNDO_CHANGES_FOR", "PT72H")
TEMPORARY_PASSWORD_LIFETIME = duration("TEMPORARY_PASSWORD_LIFETIME", "P1D")
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(FRESH_SIGN_IN.total_seconds())

# --- Recipients of the data ------------------------------------------------------------------------------
# Private networks that may be called; outside production, this machine.
RECIPIENT_NETWORKS = addresses.networks("RECIPIENT_NETWORKS", "" if IN_PRODUCTION else "127.0.0.0/8,::1/128")

# --- Jurisdictions and clocks ---------------------------------------------------------------------------
JURISDICTIONS_FILE = env.str("JURISDICTIONS_FILE", str(BASE_DIR / "privacy" / "jurisdictions" / "jurisdictions.toml"))
_CODES = data_files.codes_in("JURISDICTIONS_FILE", JURISDICTIONS_FILE)
JURISDICTIONS = environment.listed("JURISDICTIONS", ",".join(_CODES), _CODES)
JURISDICTION_URLS = addresses.sites("JURISDICTION_URLS", _CODES)
COUNTRIES = data_files.countries("COUNTRIES_FILE")
ANSWER_TEMPLATES = data_files.answer_templates("ANSWERS_FILE")
OPTIONAL_PURPOSES = data_files.optional_purposes("OPTIONAL_PURPOSES_FILE", BASE_DIR / "privacy" / "inventory")
COOLING_OFF = duration("COOLING_OFF", "P7D")
ERASE_WITHIN = duration("ERASE_WITHIN", "P1D")
COPY_LIFETIME = duration("COPY_LIFETIME", "P7D")
LICENCE_REVIEW_WITHIN = environment.lifetime("LICENCE_REVIEW_WITHIN", "P3D")
LONGEST_HOLD = duration("LONGEST_HOLD", "P1095D")
JOURNAL_STORE, ERASURE_JOURNAL = journal_places(VAR_DIR / "journal")
if timedelta(days=15) < COOLING_OFF + ERASE_WITHIN:
    raise ImproperlyConfigured("COOLING_OFF and ERASE_WITHIN together must not exceed 15 days, as the policy promises.")

# --- How long things are kept -----------------------------------------------------------------------------
RETENTION_OVERRIDES = environment.durations("RETENTION", AGEING_CLASSES)
UNUSED_AFTER = environment.optional_duration("UNUSED_AFTER")
if UNUSED_AFTER is not None and timedelta(days=60) > UNUSED_AFTER:
    raise ImproperlyConfigured("UNUSED_AFTER must not be less than P60D: people are warned 60 days before.")

# --- Languages and time ----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_AGE = 31_536_000
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "privacy.preferences"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Files -------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))).resolve()
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not IN_PRODUCTION
# Other sites do not need these files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
# An uploaded file stays in memory: the original of a licence never reaches a disk. Each view limits its bodies.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
    **journal_storage(JOURNAL_STORE),
    **licence_storage(VAR_DIR / "licences"),
}

# --- Transport and browser --------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = IN_PRODUCTION
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
MESSAGE_STORAGE = "portal.web.flash_messages.MessageStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IN_PRODUCTION
# Scripts do not read cookies, and other sites cannot send them with a form.
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if IN_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.switch("HSTS_INCLUDE_SUBDOMAINS", default=True)
# The preload list of browsers: removal takes months, and every subdomain must serve HTTPS.
SECURE_HSTS_PRELOAD = environment.switch("HSTS_PRELOAD", default=False)
if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    raise ImproperlyConfigured("HSTS_PRELOAD=yes needs HSTS_INCLUDE_SUBDOMAINS=yes: it covers whole domains only.")
# Operators decide by HSTS_*; a warning at each start is not useful.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *JURISDICTION_URLS.values()],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
