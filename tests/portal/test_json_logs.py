"""Logs as JSON: each line has its request or task, and no typed text."""

import json
import logging
import sys

import pytest
from celery import shared_task
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from portal.runtime.json_logs import HEADER, JsonFormatter
from portal.settings import environment

pytestmark = pytest.mark.embedded

logger = logging.getLogger("tests.json_logs")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture):
    """What was logged, formatted when it was written and parsed."""
    written: list[dict] = []

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(JsonFormatter().format(record)))

    handler = Collecting()
    for name in ("django", "tests.json_logs"):
        logging.getLogger(name).addHandler(handler)
    yield written
    for name in ("django", "tests.json_logs"):
        logging.getLogger(name).removeHandler(handler)


@shared_task
def logging_task() -> None:
    logger.warning("In a task.")


def test_each_request_has_an_id_of_its_own_in_its_lines_and_its_answer(lines: list[dict]):
    answers = [Client(headers={HEADER: "mine"}).get("/nothing/here/") for _ in range(2)]
    assert [line["request_id"] for line in lines] == [answer[HEADER] for answer in answers]
    assert len({answer[HEADER] for answer in answers} - {"mine"}) == 2
    assert {line["level"] for line in lines} == {"WARNING"}


def test_each_line_of_a_task_has_its_id(lines: list[dict]):
    ran = logging_task.apply(task_id="a-task")
    assert ran.successful()
    assert (lines[0]["task"], lines[0]["task_id"], lines[0]["message"]) == (logging_task.name, "a-task", "In a task.")


def test_an_error_is_logged_with_class_and_place_but_not_its_text(lines: list[dict]):
    try:
        int("+4915123456789 is a phone number")
    except ValueError:
        logger.exception("A line\nof two.")
    assert lines[0]["error"] == "ValueError"
    assert __file__ in lines[0]["at"][0]
    assert "+4915123456789" not in json.dumps(lines)
    assert lines[0]["message"] == "A line\nof two."
    assert "\n" not in JsonFormatter().format(logging.LogRecord("a", 20, "", 1, "two\nlines", (), sys.exc_info()))


def test_the_form_is_a_setting(monkeypatch):
    assert settings.LOGGING["handlers"]["console"]["formatter"] == "line"
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(ImproperlyConfigured, match="LOG_FORMAT must be one of line, json"):
        environment.choice("LOG_FORMAT", "line", ["line", "json"])
