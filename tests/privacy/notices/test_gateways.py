"""A silent gateway is left alone for a while and stops no other; a final refusal is not tried again."""

import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from privacy.notices import gateways, services
from privacy.notices.backends import AddressRefused, GatewaySilent, Sms, SmsNotSent, sms_backend
from privacy.notices.models import Notice
from privacy.notices.queries import stuck_notices
from privacy.notices.services import deliver_notice, send_due_notices, send_notice
from tests.declarations import message_alarms

# Apprise loads all its gateways at its first use, and one of them imports a deprecated module.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
NUMBER, MAIL = "+8613800138000", "maria@example.com"


@pytest.fixture(autouse=True)
def _closed(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path


def queue(channel, template="password_changed", **changed):
    address = NUMBER if channel == "sms" else MAIL
    context = {"minutes": "10", "at": ""}
    given = {"subject": None, "channel": channel, "address": address, "language": "en", "context": context}
    return send_notice(template=template, **given | changed)


@pytest.fixture
def asked(monkeypatch):
    """The channels that were asked to deliver; each raises its error in `asked.fails`."""

    class Asked(list):
        fails: dict = {}

    channels = Asked()

    def deliver(notice, _context):
        channels.append(notice.channel)
        if notice.channel in Asked.fails:
            raise Asked.fails[notice.channel]

    Asked.fails = {"email": GatewaySilent()}
    monkeypatch.setattr(services, "deliver", deliver)
    return channels


def test_after_three_silent_attempts_the_others_wait_without_an_attempt(asked):
    for _ in range(10):
        queue("email")
    sms = queue("sms")
    assert send_due_notices() == 1
    assert asked.count("email") == 3
    assert Notice.objects.filter(channel="email", attempts=0).count() == 7
    sms.refresh_from_db()
    assert sms.state == "sent"
    assert dict(message_alarms())["gateway:email"].startswith("the gateway for email does not answer")
    assert 'portal_gateway_open{gateway="email"} 1.0' in Client().get("/metrics").content.decode()


def test_a_silent_gateway_is_tried_once_in_half_a_minute_and_opens_again_when_it_answers(asked):
    for _ in range(6):
        queue("email")
    send_due_notices()
    with time_machine.travel(timezone.now() + timedelta(seconds=gateways.OPEN_SECONDS + 1)):
        send_due_notices()
        assert asked.count("email") == 4
    asked.fails.clear()
    with time_machine.travel(timezone.now() + timedelta(seconds=2 * gateways.OPEN_SECONDS + 3)):
        assert send_due_notices() >= 2
    assert not gateways.is_open("email")


def test_codes_go_first_and_messages_for_a_silent_gateway_do_not_fill_the_batch(asked):
    for _ in range(3):
        gateways.note_silence("email")
    for _ in range(5):
        queue("email")
    queue("sms")
    queue("sms", "verification_code", code="493817")
    assert send_due_notices(batch=1) == 2
    assert asked == ["sms", "sms"]


def test_a_code_that_ended_is_given_up_even_while_its_gateway_is_silent(asked):
    for _ in range(3):
        gateways.note_silence("email")
    code = queue("email", "verification_code", code="493817")
    Notice.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    send_due_notices()
    code.refresh_from_db()
    assert (code.state, code.last_error, code.address, asked) == ("failed", "CodeExpired", None, [])


def test_one_gateway_never_has_all_the_threads_of_codes(settings, asked):
    for _ in range(settings.WORKERS_CODES // 2):
        gateways._places("email").acquire()
    try:
        assert not deliver_notice(queue("email", "verification_code", code="493817").pk)
        assert deliver_notice(queue("sms", "verification_code", code="493817").pk)
    finally:
        for _ in range(settings.WORKERS_CODES // 2):
            gateways._places("email").release()
    assert asked == ["sms"]
    assert deliver_notice(Notice.objects.get(channel="email").pk) is False
    assert asked == ["sms", "email"]


REFUSALS = {
    "no such mailbox": SMTPRecipientsRefused({MAIL: (550, b"no such mailbox: maria")}),
    "refused content": SMTPDataError(554, b"refused"),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_a_final_refusal_is_final_and_no_alarm(monkeypatch, refusal):
    def refuse(_self, **_options):
        raise refusal

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    notice = queue("email")
    assert not deliver_notice(notice.pk)
    notice.refresh_from_db()
    assert (notice.state, notice.last_error, notice.attempts, notice.address) == ("failed", "AddressRefused", 1, None)
    assert not stuck_notices().exists()
    assert list(message_alarms()) == []


def test_a_mail_server_that_asks_to_come_back_is_asked_again_and_is_not_silent(monkeypatch):
    def put_off(_self, **_options):
        raise SMTPRecipientsRefused({MAIL: (451, b"greylisted")})

    monkeypatch.setattr(mail.EmailMessage, "send", put_off)
    for _ in range(4):
        deliver_notice(queue("email").pk)
    assert set(Notice.objects.values_list("state", "last_error")) == {("queued", "SMTPRecipientsRefused")}
    assert not gateways.is_open("email")


@pytest.mark.parametrize("answer", [*REFUSALS.values(), SMTPDataError(451, b"later")], ids=[*REFUSALS, "later"])
def test_an_answer_closes_the_breaker_whatever_it_says(asked, answer):
    asked.fails["email"] = GatewaySilent()
    for _ in range(3):
        deliver_notice(queue("email").pk)
    assert gateways.is_open("email")
    asked.fails["email"] = AddressRefused() if answer in REFUSALS.values() else answer
    with time_machine.travel(timezone.now() + timedelta(seconds=gateways.OPEN_SECONDS + 1)):
        deliver_notice(queue("email").pk)
        assert not gateways.is_open("email")


def test_silences_with_an_answer_between_them_do_not_open_the_breaker(asked):
    for error in (GatewaySilent(), GatewaySilent(), SMTPDataError(451, b"later"), GatewaySilent()):
        asked.fails["email"] = error
        deliver_notice(queue("email").pk)
    assert not gateways.is_open("email")


def test_what_is_given_up_does_not_use_the_one_attempt_of_a_silent_gateway(asked):
    for _ in range(3):
        gateways.note_silence("email")
    asked.fails.clear()
    with time_machine.travel(timezone.now() + timedelta(seconds=gateways.OPEN_SECONDS + 1)):
        ended, stopped = queue("email", "verification_code", code="493817"), queue("email")
        Notice.objects.filter(pk=ended.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
        Notice.objects.filter(pk=stopped.pk).update(attempts=services.MOST_ATTEMPTS)
        assert [deliver_notice(notice.pk) for notice in (ended, stopped)] == [False, False]
        assert deliver_notice(queue("email").pk)


def test_a_breaker_that_another_process_closes_meanwhile_is_closed(monkeypatch):
    answers = [{"failures": 3, "until": 0.0}, {}, {}, {}]
    monkeypatch.setattr(gateways, "_state", lambda _gateway: answers.pop(0))
    assert gateways.may_be_tried("email")
    with gateways.gateway_slot("email") as is_free:
        assert is_free


def test_gateways_that_refuse_most_messages_are_an_alarm():
    for _ in range(20):
        queue("email")
    Notice.objects.update(
        state="failed", address=None, context=None, last_error="AddressRefused", ended_at=timezone.now()
    )
    assert dict(message_alarms())["refused"].startswith("gateways do not deliver most messages")


def test_a_mail_server_that_accepts_and_says_nothing_is_silent_within_its_seconds(settings):
    settings.GATEWAY_SECONDS = 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        notice = queue("email")
        began = timezone.now()
        assert not deliver_notice(notice.pk)
    assert timezone.now() - began < timedelta(seconds=3)
    notice.refresh_from_db()
    assert notice.last_error == "GatewaySilent"


class Gateway(BaseHTTPRequestHandler):
    """Answers with the status in the address, or not at all."""

    def do_POST(self):
        if "silent" in self.path:
            self.server.released.wait(5)
        else:
            self.send_error(int(self.path.split("/")[1]))

    def log_message(self, *_args):
        pass


@pytest.fixture
def gateway():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.released = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}"
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "expected"),
    [("400", AddressRefused), ("422", AddressRefused), ("500", SmsNotSent), ("silent", GatewaySilent)],
)
def test_answers_of_an_sms_gateway_are_distinguished(settings, gateway, path, expected):
    settings.GATEWAY_SECONDS = 1
    with pytest.raises(expected) as failed:
        sms_backend(f"{gateway}/{path}").send(Sms(NUMBER, "Your code is 493817."))
    assert NUMBER not in str(failed.value)


def test_an_unreachable_sms_gateway_is_silent():
    with pytest.raises(GatewaySilent):
        sms_backend("json://127.0.0.1:9").send(Sms(NUMBER, "Hello"))
