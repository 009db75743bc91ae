"""Removes paths, addresses, numbers, tokens and messages of errors from every log line.

One filter on every handler, for web, worker and beat. The message of an error may hold data that a gateway or a
database was given; its class and its traceback without values do not.
"""

import logging
import re
import traceback
from http import HTTPStatus
from types import TracebackType
from typing import Any

REMOVED = "[removed]"
# Django logs the path of each refused request, and CSRF the referrer: the text of these loggers is replaced.
_REQUEST_LOGGERS = ("django.request", "django.security")
_PERSONAL = re.compile(
    r"[^\s\"'<>=:,(]+@[^\s\"'<>@]+\.[^\s\"'<>@,;)]+"  # an e-mail address
    r"|(?<![\w.:])\+\d{7,15}\b"  # a phone number in E.164
    r"|(?<=Bearer )\S+"
    r"|(?<=Token )\S+"
)
# The class in the representation of an error.
_REPRESENTED = re.compile(r"[A-Za-z_][\w.]*(?=\()")
# Text after one of these characters could look like another log line.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class PrivacyFilter(logging.Filter):
    """Rewrites each record in place, so that later handlers get the same text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Remove possible personal data; keep the record."""
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        message = _request_line(record) or _without_words_of_errors(record, error)
        record.msg, record.args = _CONTROLS.sub(" ", _PERSONAL.sub(REMOVED, message)), None
        # Formatters of the standard library use this text instead of `exc_info`.
        if isinstance(record.exc_info, tuple):
            record.exc_text = _frames(*record.exc_info)
        return True


def _request_line(record: logging.LogRecord) -> str:
    """Return status and view of a refused request; empty for a record of another kind."""
    if not record.name.startswith(_REQUEST_LOGGERS):
        return ""
    status = getattr(record, "status_code", None)
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    what = HTTPStatus(status).phrase if isinstance(status, int) and status in set(HTTPStatus) else "Refused"
    return f"{what} ({status}), view {match.view_name if match else 'none'}"


def _without_words_of_errors(record: logging.LogRecord, error: BaseException | None) -> str:
    args = record.args
    if isinstance(args, dict):
        record.args = {key: _named(value) for key, value in args.items()} | _error_of_task(record, args)
    elif args:
        record.args = tuple(_named(value) for value in args)
    record.msg = _named(record.msg)
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):  # the arguments do not fit the message
        message = str(record.msg)
    # Celery puts the error into the message, too.
    for words in {repr(error), str(error)} - {"", "None"} if error else ():
        message = message.replace(words, type(error).__name__)
    return message


def _error_of_task(record: logging.LogRecord, args: dict[str, Any]) -> dict[str, str]:
    """Return the class of a task's error for Celery's message, in place of the representation that is given as `exc`.

    An error that cannot be pickled is replaced before it is logged: its words are no longer those of the logged error.
    """
    if "exc" not in args or not record.name.startswith("celery"):
        return {}
    if isinstance(record.exc_info, tuple) and record.exc_info[0]:
        return {"exc": record.exc_info[0].__name__}
    represented = _REPRESENTED.match(str(args["exc"]))
    return {"exc": represented[0] if represented else REMOVED}


def _named(value: Any) -> Any:
    return type(value).__name__ if isinstance(value, BaseException) else value


def _frames(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> str:
    """Return the traceback of an error without values, and the classes of the error and its causes.

    `kind` is the class of the error that was raised, also where Celery replaced the error.
    """
    lines = traceback.format_tb(trace)
    names: list[str] = []
    while error is not None and len(names) < 10:  # noqa: PLR2004 - a chain of causes may be circular
        kind = kind or type(error)
        names.append(f"{kind.__module__}.{kind.__qualname__}")
        kind, error = None, error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join([*lines, " from ".join(names) or "unknown error"])
