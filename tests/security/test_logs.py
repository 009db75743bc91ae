"""No log line names a person: no path of an unknown address, no number, no address, no token, no words of errors."""

import io
import logging
import logging.config
import re
import threading
from smtplib import SMTPRecipientsRefused

import django
import pytest
from celery import Celery
from django.conf import settings
from django.test import Client

from portal.runtime.celery_app import app as celery_app
from portal.runtime.json_logs import JsonFormatter
from privacy.notices.backends import GatewaySilent, Sms, sms_backend
from tests.app import App
from tests.factories import PASSWORD, make_person
from tests.passkeys import PasskeyDevice

NUMBER, ADDRESS, TOKEN = "+4915123456789", "maria.gross@example.com", "8f3kq0z7m5w2x9y1"
NAME = "Zoë Größenwahn"
PLANTED = [NUMBER, NUMBER[1:], ADDRESS, "maria", "MARIA", "example.com", TOKEN, "493817"]


@pytest.fixture
def log():
    """What the one console handler of web, worker and beat writes."""
    written = io.StringIO()
    consoles = {handler for name in (None, "django") for handler in logging.getLogger(name).handlers}
    before = {h: h.setStream(written) for h in consoles if type(h) is logging.StreamHandler}
    assert before
    yield written
    for handler, stream in before.items():
        handler.setStream(stream)


def nothing_planted_in(text: str) -> bool:
    return not [value for value in PLANTED if value in text]


@pytest.mark.parametrize(
    "path", ["/receipts/MARIA-GROSS/", "/x/maria.gross@example.com", f"/api/v1/{TOKEN}", "/%00maria/"]
)
def test_the_path_of_an_unknown_address_is_not_in_the_log(log, path):
    assert Client().get(path).status_code in (400, 404)
    assert "django.request" in log.getvalue()
    assert nothing_planted_in(log.getvalue())


def test_a_known_view_is_named_and_a_host_or_referrer_is_not(log, settings):
    settings.ALLOWED_HOSTS = ["portal.example"]
    Client().get("/", headers={"Host": "maria.example.com"})
    browser = Client(enforce_csrf_checks=True)
    browser.post("/sign-in/", headers={"Host": "portal.example", "Origin": "https://maria.example.com"})
    assert "Bad Request (400)" in log.getvalue()
    assert "Forbidden (403), view sign_in" in log.getvalue()
    assert nothing_planted_in(log.getvalue())


def refused_by_a_gateway() -> Exception:
    """An error whose words, and those of the error behind it, hold what the gateway was given."""
    error = SMTPRecipientsRefused({ADDRESS: (550, NUMBER.encode())})
    error.__cause__ = ValueError(f"Key (username)=({ADDRESS}) already exists")
    return error


def test_an_error_keeps_its_class_and_its_lines_but_not_its_words(log):
    try:
        raise refused_by_a_gateway()
    except SMTPRecipientsRefused as error:
        # As Celery's worker, Celery's beat and careless code write them.
        logging.getLogger("celery.app.trace").exception("Task raised: %s", repr(error))  # noqa: TRY401
        logging.getLogger("celery.beat").error("Message Error: %s", error)  # noqa: TRY400
        logging.getLogger("any").exception(f"Not sent: {error}")  # noqa: G004, TRY401
    assert "smtplib.SMTPRecipientsRefused from builtins.ValueError" in log.getvalue()
    assert "test_logs.py" in log.getvalue()
    assert nothing_planted_in(log.getvalue())


class TwoArguments(Exception):
    """Celery cannot pickle it, and replaces it by one that it can: pickle would call it with one argument."""

    def __init__(self, address: str, number: str) -> None:
        super().__init__(f"refused {NAME}, {address}")
        self.number = number


class WithALock(TwoArguments):
    """Celery cannot pickle it either."""

    def __init__(self, address: str, number: str) -> None:
        super().__init__(address, number)
        self.lock = threading.Lock()


class Foreseen(TwoArguments):
    """One that its task declares, so that Celery logs no traceback."""


@pytest.mark.parametrize(
    "formatter", [logging.Formatter(settings.LOGGING["formatters"]["line"]["format"]), JsonFormatter()]
)
@pytest.mark.parametrize("kind", [TwoArguments, WithALock, Foreseen])
def test_the_error_of_a_task_is_logged_by_its_class_only(log, monkeypatch, kind, formatter):
    for handler in {handler for name in (None, "django") for handler in logging.getLogger(name).handlers}:
        monkeypatch.setattr(handler, "formatter", formatter)
    monkeypatch.setattr(logging.getLogger("celery"), "level", logging.INFO)
    app = Celery("of a test", set_as_current=False)

    @app.task(throws=(Foreseen,))
    def fails():
        raise kind(ADDRESS, NUMBER)

    fails.apply()
    assert ".fails[" in log.getvalue()
    # Without a traceback Celery does not give the class of an error that it replaced.
    assert kind is Foreseen or (kind.__name__ in log.getvalue() and "Unpickleable" not in log.getvalue())
    assert NAME not in log.getvalue()
    assert nothing_planted_in(log.getvalue())


@pytest.mark.parametrize(
    "line",
    [f"to {NUMBER}", f"<{ADDRESS}>", f"to={ADDRESS}, code", f"Authorization: Bearer {TOKEN}", "maria@mail.example.com"],
)
def test_what_looks_like_a_number_an_address_or_a_token_is_taken_out(log, line):
    logging.getLogger("any").warning("sent %s", line)
    logging.getLogger("any").warning(line)
    assert log.getvalue().count("[removed]") == 2
    assert nothing_planted_in(log.getvalue())


def test_typed_text_starts_no_new_log_line(log):
    logging.getLogger("any").warning("refused %s", "a\r\n2026-11-28T14:00:00+0000 INFO any signed in\u2028\x1b[2J\0")
    (line,) = log.getvalue().splitlines()
    assert line.endswith("refused a 2026-11-28T14:00:00+0000 INFO any signed in [2J ")


def test_a_line_begins_with_its_time_and_the_offset_of_its_zone(log):
    logging.getLogger("any").warning("this")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000 WARNING any this\n", log.getvalue())


def test_times_and_ids_stay(log):
    line = "2026-11-28T14:00:00+00:00 6b2b3d0e-9d0f-4c9e-8a53-3d9b0b3c6a55 celery@host +5"
    logging.getLogger("any").warning(line)
    assert line in log.getvalue()


# Apprise loads every gateway it has at its first use, and one of them an old module.
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_a_gateway_that_fails_writes_no_number_even_after_celery_sets_django_up_again(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    # Celery's fixup does the first two in each worker.
    django.setup(set_prefix=False)
    celery_app.log.setup()
    logging.getLogger("apprise").setLevel("DEBUG")
    with pytest.raises(GatewaySilent):
        sms_backend("json://127.0.0.1:9").send(Sms(NUMBER, "Your code is 493817."))
    logging.getLogger("any").warning("this stands")
    monkeypatch.undo()
    logging.config.dictConfig(settings.LOGGING)
    assert "this stands" in written.getvalue()
    assert nothing_planted_in(written.getvalue())


def test_no_line_has_the_id_of_a_passkey(log):
    owner, device, app = make_person(), PasskeyDevice(), App()
    app.sign_in(owner.username, PASSWORD)
    made = device.made(app.get("auth/passkeys").json()["options"])
    assert app.post("auth/passkeys", {"credential": made}).status_code == 201
    other = App()
    answer = device.answer(other.get("auth/passkey").json()["options"])
    assert other.post("auth/passkey", {"credential": answer}).json()["signed_in"]
    logging.getLogger("any").warning("this stands")
    assert "this stands" in log.getvalue()
    assert device.id.hex() not in log.getvalue()
