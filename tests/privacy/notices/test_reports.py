"""What a gateway took and did not deliver: the portal notes it, and a request is due as if nobody had written."""

import base64
import datetime as dt
import io
import sys
from email import message_from_bytes
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from privacy.notices.bounces import NotABounce, number_of_bounced
from privacy.notices.models import Notice
from privacy.notices.services import deliver_notice, send_notice
from privacy.rights.answering.following import follow_messages
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.queries import undelivered_answers
from tests.privacy.rights.in_admin import answered, extended, filed, officer, page
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
TOKEN = "a token that the gateway sends with each report"
PHONE = "+381601234567"
CONTEXT = {"jurisdiction": "intl", "device": "Firefox on Linux", "at": "2026-12-01T04:00+00:00"}


@pytest.fixture(autouse=True)
def gateways(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_URL = "https://portal.example.org"
    settings.SMS_REPORTS_TOKEN = TOKEN


def sent(channel: str, address: str, about: str = "") -> Notice:
    notice = send_notice(
        subject=None,
        channel=channel,
        address=address,
        template="password_changed",
        language="en",
        context=CONTEXT,
        about=about,
    )
    assert deliver_notice(notice.pk)
    return Notice.objects.get(pk=notice.pk)


def bounce(returned: bytes, *, action: str = "failed", only_header: bool = False) -> bytes:
    """Return a report about an e-mail, as RFC 3464 and RFC 6522 lay it out."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["Subject"] = "MAILER-DAEMON@mx.example.net", "Undelivered Mail Returned to Sender"
    report.attach(MIMEText("I am sorry."))
    status = MIMEMultipart("delivery-status")
    for fields in ("Reporting-MTA: dns; mx.example.net\n", f"Final-Recipient: rfc822; a@b.c\nAction: {action}\n"):
        status.attach(message_from_bytes(fields.encode()))
    status.set_type("message/delivery-status")
    report.attach(status)
    original = message_from_bytes(returned)
    if only_header:
        header = MIMEText("".join(f"{name}: {value}\n" for name, value in original.items()), "rfc822-headers")
        report.attach(header)
    else:
        report.attach(MIMEMessage(original))
    return report.as_bytes()


def note_bounce(monkeypatch, raw: bytes) -> str:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    said = io.StringIO()
    call_command("note_bounce", stdout=said)
    return said.getvalue()


@pytest.mark.parametrize("only_header", [False, True])
def test_an_email_that_came_back_is_noted_by_its_message_id(monkeypatch, only_header: bool):
    first, second = sent("email", "a@example.org"), sent("email", "b@example.org")
    raw = bounce(mail.outbox[0].message().as_bytes(), only_header=only_header)
    assert number_of_bounced(raw) == first.pk.hex
    assert note_bounce(monkeypatch, raw) == "Noted as not delivered.\n"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.last_error, second.state) == ("failed", "NotDelivered", "sent")
    assert "was sent" in note_bounce(monkeypatch, raw)


def other_mail() -> bytes:
    message = EmailMessage()
    message["Subject"], message["In-Reply-To"] = "Out of office", f"<1.2.{uuid4().hex}@portal.example.org>"
    message.set_content("I am away.")
    return message.as_bytes()


def foreign(action: str = "failed") -> bytes:
    message = EmailMessage()
    message["Message-ID"] = "<someone@example.net>"
    message.set_content("Hello")
    return bounce(message.as_bytes(), action=action)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not a delivery status"),
        (b"\xff\x00\xfe: \r\n\r\n\x00", "not a delivery status"),
        (other_mail(), "not a delivery status"),
        (foreign(), "Message-ID"),
        (foreign("delayed"), "failed for good"),
        (foreign("delivered"), "failed for good"),
    ],
)
def test_other_mail_to_the_sender_is_ignored(monkeypatch, raw: bytes, why: str):
    notice = sent("email", "a@example.org")
    with pytest.raises(NotABounce, match=why):
        number_of_bounced(raw)
    assert note_bounce(monkeypatch, raw).startswith("Ignored. ")
    notice.refresh_from_db()
    assert notice.state == "sent"


def report(body, *, token: str = TOKEN, **options):
    return Client().post("/gateways/sms/reports/", body, headers={"Authorization": f"Bearer {token}"}, **options)


@pytest.mark.parametrize(
    ("body", "options"),
    [
        ({"To": PHONE, "MessageStatus": "undelivered"}, {}),
        ({"to": PHONE, "status": "failed"}, {"content_type": "application/json"}),
        ({"to": PHONE.removeprefix("+"), "status": "EXPIRED"}, {"content_type": "application/json"}),
    ],
)
def test_the_last_sms_to_a_number_is_noted_by_a_report_of_its_gateway(body, options):
    earlier, other = sent("sms", PHONE, about="1"), sent("sms", "+8613812345678")
    last = sent("sms", PHONE, about="2")
    assert report(body, **options).status_code == 204
    states = {notice.pk: notice.state for notice in Notice.objects.all()}
    assert states == {earlier.pk: "sent", other.pk: "sent", last.pk: "failed"}
    assert PHONE not in repr(Notice.objects.values())


def test_a_report_of_something_else_changes_nothing():
    notice = sent("sms", PHONE)
    assert report({"to": PHONE, "status": "delivered"}).status_code == 204
    assert report({"to": "+381601234568", "status": "failed"}).status_code == 204
    Notice.objects.filter(pk=notice.pk).update(ended_at=dt.datetime.now(dt.UTC) - dt.timedelta(days=4))
    assert report({"to": PHONE, "status": "failed"}).status_code == 204
    notice.refresh_from_db()
    assert notice.state == "sent"


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '"text"', '{"to": 5, "status": "failed"}', '{"to": "+1", "status": "failed"}', '{"to": "x"}'],
)
def test_what_is_no_report_is_refused(body: str):
    assert report(body, content_type="application/json").status_code == 400


def test_only_the_gateway_reports(settings):
    sent("sms", PHONE)
    body = {"to": PHONE, "status": "failed"}
    assert report(body, token="guess").status_code == 401
    assert Client().post("/gateways/sms/reports/", body).status_code == 401
    assert Notice.objects.get().state == "sent"
    for given in ("%%%", base64.b64encode(b"\xff").decode(), base64.b64encode(b"gateway:guess").decode()):
        headers = {"Authorization": f"Basic {given}"}
        assert Client().post("/gateways/sms/reports/", body, headers=headers).status_code == 401
    basic = base64.b64encode(f"gateway:{TOKEN}".encode()).decode()
    answer = Client().post("/gateways/sms/reports/", body, headers={"Authorization": f"Basic {basic}"})
    assert (answer.status_code, Notice.objects.get().state) == (204, "failed")
    assert Client().get("/gateways/sms/reports/").status_code == 405
    settings.SMS_REPORTS_TOKEN = ""
    assert report(body).status_code == 404


def test_a_request_is_due_as_at_first_once_the_message_about_its_extension_came_back(monkeypatch):
    request = filed("access")
    extended(request)
    first = request.due_at
    deliver_notice(Notice.objects.get(template="request_extended").pk)
    follow_messages()
    request.refresh_from_db()
    assert request.due_at > first
    note_bounce(monkeypatch, bounce(mail.outbox[-1].message().as_bytes()))
    follow_messages()
    request.refresh_from_db()
    assert request.due_at == first


def test_an_answer_that_came_back_is_listed_for_staff_until_it_was_posted(monkeypatch):
    request = filed("question")
    answer = answered(request)
    deliver_notice(answer.notice)
    follow_messages()
    assert list(undelivered_answers()) == []
    note_bounce(monkeypatch, bounce(mail.outbox[-1].message().as_bytes()))
    for _again in range(2):
        follow_messages()
    assert list(undelivered_answers()) == [answer]
    acts = RequestRecord.objects.filter(request=request.pk).order_by("position").values_list("act", flat=True)
    assert list(acts) == ["received", "answered", "not_delivered"]
    client = client_of(officer())
    assert "not delivered" in client.get(page(request)).content.decode()
    client.post(page(request, "answer-posted", answer.pk))
    assert list(undelivered_answers()) == []
    assert "not delivered" not in client.get(page(request)).content.decode().partition('id="notes"')[0]
