"""Settings of the logs, which hold no personal data."""

from portal.settings import environment

LOG_FORMAT = environment.choice("LOG_FORMAT", "line", ["line", "json"])
# Libraries that log personal data: Apprise logs numbers and bodies, urllib3 the URLs of gateways with them.
_SILENT = {"handlers": ["none"], "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"privacy": {"()": "portal.runtime.log_privacy.PrivacyFilter"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s", "datefmt": "%Y-%m-%dT%H:%M:%S%z"},
        "json": {"()": "portal.runtime.json_logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["privacy"]},
        "none": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's reporter would mail request data to ADMINS; the runserver logger prints query strings.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": _SILENT,
        "apprise": _SILENT,
        "urllib3": _SILENT,
        # This logger writes the id of each passkey at sign-in.
        "fido2": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"
