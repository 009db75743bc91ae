"""Hands a notice to the gateway of its channel."""

from collections.abc import Mapping

from django.conf import settings
from django.core import mail

from privacy.notices.backends import NoticeEmail, Sms, sms_backend
from privacy.notices.models import Notice
from privacy.notices.rendering import render_email, render_sms

# Shorter than the shortest wait before a second attempt, so that two attempts never overlap.
GATEWAY_SECONDS = 20


def deliver(notice: Notice, context: Mapping[str, str]) -> None:
    """Send an opened notice; raises whatever the gateway raises."""
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
        to=[str(notice.address)],
        connection=mail.get_connection(timeout=GATEWAY_SECONDS),
        code=context.get("code", ""),
    )
    message.attach_alternative(words.html, "text/html")
    message.send()
