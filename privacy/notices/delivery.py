"""Gives a notice to the gateway of its channel."""

from collections.abc import Mapping
from email.utils import formataddr, make_msgid, parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail

from privacy.notices.backends import AddressRefused, GatewaySilent, NoticeEmail, Sms, sms_backend
from privacy.notices.models import Notice
from privacy.notices.rendering import render_email, render_sms
from privacy.preferences.preferences import preferences_of
from privacy.preferences.time_format import time_format_of_reader

# The first final code of SMTP (RFC 5321, 4.2.1).
PERMANENT = 500
# No program answers an automatic message (RFC 3834, 5).
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


def deliver(notice: Notice, context: Mapping[str, str]) -> None:
    """Send an opened notice, in the language and the time format that its reader chose.

    The notice then names that language. Without a choice, it is the one in which the message was queued.
    Raises `AddressRefused` if the gateway will never deliver it, `GatewaySilent` if it does not answer, and any other
    error of the gateway.
    """
    reader = preferences_of(notice.subject_id)
    notice.language = reader.language or notice.language
    with time_format_of_reader(reader.time_format):
        if notice.channel == Notice.Channel.SMS:
            _deliver_sms(notice, context)
        else:
            _deliver_email(notice, context)


def _deliver_sms(notice: Notice, context: Mapping[str, str]) -> None:
    words = render_sms(notice.template, notice.language, context)
    sms_backend(settings.SMS_URL).send(Sms(str(notice.address), words.body, context.get("code", "")))


def _deliver_email(notice: Notice, context: Mapping[str, str]) -> None:
    words = render_email(notice.template, notice.language, context)
    message = NoticeEmail(
        words.subject,
        words.body,
        from_email=_sender(words.sender),
        to=[str(notice.address)],
        connection=mail.get_connection(timeout=settings.GATEWAY_SECONDS),
        headers={"Message-ID": _message_id(notice), **AUTOMATIC},
        code=context.get("code", ""),
    )
    message.attach_alternative(words.html, "text/html")
    _send(message)


def _message_id(notice: Notice) -> str:
    """Return an id that holds the number of the message, by which `bounces` knows it again."""
    return make_msgid(idstring=notice.pk.hex, domain=urlsplit(settings.SITE_URL).hostname)


def _sender(name: str) -> str:
    """Return the sender with the name of the service, unless the operator gave it another name."""
    given, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((given or name, address))


def _send(message: NoticeEmail) -> None:
    try:
        message.send()
    except SMTPRecipientsRefused as refused:
        if all(code >= PERMANENT for code, _said in refused.recipients.values()):
            raise AddressRefused("The mail server delivers nothing to this address.") from None
        raise
    except SMTPDataError as refused:
        if refused.smtp_code >= PERMANENT:
            raise AddressRefused("The mail server will not take this message.") from None
        raise
    except SMTPResponseException:  # it answered
        raise
    except OSError:
        raise GatewaySilent("The mail server did not answer.") from None
