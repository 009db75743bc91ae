"""Logs as one JSON object a line: when, how grave, who says what, in which request or task."""

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
    """Gives each request an id of its own, which its log lines and its answer have; a sent one is not believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Make the id, and pass the request on."""
        # It stays until the thread's next request: Django logs a refusal after all middleware.
        _request_id.set(uuid4().hex)
        response = self.get_response(request)
        response[HEADER] = _request_id.get()
        return response


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON. Of an error only its kind and its place: its text may hold what somebody typed."""

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
