"""Gateways, chosen by URL as Django's own: the outbox for e-mail and SMS, and Apprise for SMS."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import apprise
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from privacy.notices.outbox import OUTBOX_URL, write


class SmsNotSent(Exception):
    """The SMS gateway did not take the message."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A short message; `code` is named apart for the outbox only."""

    to: str
    body: str
    code: str = ""


class NoticeEmail(EmailMultiAlternatives):
    """An e-mail that also knows the code in it, for the outbox only."""

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
        """Write the message."""
        write("sms", sms.to, "", sms.body, sms.code)


class AppriseSmsBackend:
    """Sends SMS through any gateway that Apprise knows; the number is the last part of the gateway's URL."""

    def __init__(self, url: str) -> None:
        self.url = url

    def send(self, sms: Sms) -> None:
        """Send the message. Raises `SmsNotSent` where the gateway, or its URL, is refused."""
        gateway = apprise.Apprise()
        if not gateway.add(self._url_to(sms.to)) or not gateway.notify(body=sms.body):
            raise SmsNotSent("The SMS gateway did not take the message.")

    def _url_to(self, number: str) -> str:
        gateway, question_mark, options = self.url.partition("?")
        return f"{gateway.rstrip('/')}/{quote(number, safe='')}{question_mark}{options}"


def sms_backend(url: str) -> SmsBackend:
    """Return the SMS backend of a URL: `outbox://`, or one of Apprise's."""
    return OutboxSmsBackend() if url == OUTBOX_URL else AppriseSmsBackend(url)
