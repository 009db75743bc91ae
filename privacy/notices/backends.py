"""Gateways, chosen by URL as Django's own: the outbox for e-mail and SMS, and Apprise for SMS."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import apprise
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from privacy.notices.outbox import OUTBOX_URL, write

# Answers of gateways for a number that takes no messages: HTTP 400 and 422, and Twilio's codes for such numbers.
_REFUSED = re.compile(
    r"error=(?:400|422|21211|21214|21610|21612|21614)\b|invalid (?:phone|number|recipient)", re.IGNORECASE
)


class SmsNotSent(Exception):
    """The SMS gateway did not take the message; it may take it later."""


class GatewaySilent(Exception):
    """The gateway could not be reached, or did not answer in time."""


class AddressRefused(Exception):
    """The gateway will never deliver to this address: the message is not tried again."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message; `code` is separate only for the outbox."""

    to: str
    body: str
    code: str = ""


class NoticeEmail(EmailMultiAlternatives):
    """An e-mail that also holds its code separately, only for the outbox."""

    def __init__(self, *args: Any, code: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.code = code


class OutboxEmailBackend(BaseEmailBackend):
    """Writes e-mails to the outbox, one file for each recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; return how many."""
        for message in email_messages:
            for to in message.recipients():
                write("email", to, str(message.subject), str(message.body), getattr(message, "code", ""))
        return len(email_messages)


class SmsBackend(Protocol):
    """Sends one SMS; raises `SmsNotSent`."""

    def send(self, sms: Sms) -> None:
        """Send it."""


class OutboxSmsBackend:
    """Writes SMS to the outbox."""

    def send(self, sms: Sms) -> None:
        write("sms", sms.to, "", sms.body, sms.code)


class AppriseSmsBackend:
    """Sends SMS through any gateway that Apprise knows; the number is the last part of the gateway's URL."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(self, sms: Sms) -> None:
        """Send the message. Raises `GatewaySilent`, `AddressRefused`, or `SmsNotSent` for any other failure."""
        # A redirect would send the number and the code to an address that is not configured.
        gateway = apprise.Apprise(asset=apprise.AppriseAsset(http_redirects=False))
        if not gateway.add(self._url_to(sms.to)):
            raise SmsNotSent("The SMS gateway's URL is refused.")
        result = gateway.notify(body=sms.body)
        if result:
            return
        # Apprise's messages contain the number: they are only read here, never logged.
        said = " ".join(entry.message for service in result for attempt in service for entry in attempt)
        if "onnection error" in said:
            raise GatewaySilent("The SMS gateway did not answer.")
        if _REFUSED.search(said):
            raise AddressRefused("The SMS gateway delivers nothing to this number.")
        raise SmsNotSent("The SMS gateway did not take the message.")

    def _url_to(self, number: str) -> str:
        gateway, _question_mark, options = self.url.partition("?")
        seconds = settings.GATEWAY_SECONDS
        # Of two equal options the last counts: the operator's.
        limits = "&".join(filter(None, [f"cto={seconds}&rto={seconds}", options]))
        return f"{gateway.rstrip('/')}/{quote(number, safe='')}?{limits}"


def sms_backend(url: str) -> SmsBackend:
    """Return the SMS backend of a URL: `outbox://`, or one of Apprise's."""
    return OutboxSmsBackend() if url == OUTBOX_URL else AppriseSmsBackend(url)
