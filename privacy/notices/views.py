"""The outbox page: what would have been sent, to try the portal. And the address where the SMS gateway reports."""

import base64
import binascii
import hmac
import http
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import phonenumbers
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from privacy.notices import outbox
from privacy.notices.models import Notice
from privacy.notices.reports import note_sms_not_delivered
from privacy.subjects.markers import open_at_the_gate


@open_at_the_gate
def outbox_page(request: HttpRequest) -> HttpResponse:
    """Show the messages in the outbox, newest first; `?to=` shows those to one address."""
    if settings.OUTBOX_DIR is None:
        raise Http404
    to = request.GET.get("to", "").strip()
    shown = [_shown(message) for message in outbox.read_outbox(to=to)]
    return render(request, "privacy/notices/outbox.html", {"messages_sent": shown, "to": to})


# The names that gateways give the number and the state, and the states that mean that the message is lost.
NUMBER_NAMES = ("to", "To", "msisdn", "recipient")
STATE_NAMES = ("status", "MessageStatus", "SmsStatus", "state")
LOST = {"undelivered", "failed", "rejected", "expired", "undeliverable"}


@csrf_exempt
@require_POST
@open_at_the_gate
def sms_reports(request: HttpRequest) -> HttpResponse:
    """Note that an SMS was not delivered, from a form or JSON of the gateway: its number and its state.

    The gateway sends `SMS_REPORTS_TOKEN` as a bearer token, or as the password of HTTP Basic. 204 for every report that
    can be read, whether or not an SMS went to that number; 400 for any other; 401 for a wrong token.
    """
    if not settings.SMS_REPORTS_TOKEN:
        raise Http404
    if not hmac.compare_digest(_given_token(request).encode(), settings.SMS_REPORTS_TOKEN.encode()):
        return HttpResponse(status=http.HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Basic"})
    report = _report(request)
    phone, state = _e164(_first(report, NUMBER_NAMES)), _first(report, STATE_NAMES).lower()
    if not phone or not state:
        return HttpResponse("A report names a number (to) and a state (status).", status=http.HTTPStatus.BAD_REQUEST)
    if state in LOST:
        note_sms_not_delivered(phone)
    return HttpResponse(status=http.HTTPStatus.NO_CONTENT)


def _given_token(request: HttpRequest) -> str:
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return given
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _report(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        return request.POST
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _first(report: Mapping[str, Any], names: tuple[str, ...]) -> str:
    found = (report.get(name) for name in names)
    return next((text.strip() for text in found if isinstance(text, str)), "")


def _e164(text: str) -> str:
    """Return a number as it was sent to; a gateway may leave out the plus. Empty for what is no number."""
    try:
        number = phonenumbers.parse(f"+{text.lstrip('+')}")
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    channel = Notice.Channel(message["channel"])
    return message | {"channel_name": channel.label, "at": datetime.fromisoformat(message["at"])}
