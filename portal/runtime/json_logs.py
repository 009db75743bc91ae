"""Logs as one JSON object a line: time, level, logger, message, and request or task."""

import datetime as dt
import json
import logging
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from celery import current_task
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"
_request_id: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Gives each request an id for its log lines and its answer; an id from the client is ignored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The id stays until the next request of the thread: Django logs a refusal after all middleware.
        _request_id.set(uuid4().hex)
        response = self.get_response(request)
        response[HEADER] = _request_id.get()
        return response


def request_id() -> str:
    """Return the id of the request in progress, which its log lines and its answer have; empty outside of one."""
    return _request_id.get()


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON. Of an error only its class and its place: its text may hold personal data."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := _request_id.get():
            line["request_id"] = request_id
        if current_task:
            line["task"], line["task_id"] = current_task.name, current_task.request.id
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["at"] = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(line, ensure_ascii=False)
