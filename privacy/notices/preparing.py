"""Prepares messages: they are counted, and not stored yet."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from privacy.database.waking import wake
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.limits.counting import RateLimited
from privacy.notices.folding import fold
from privacy.notices.limits import count_message
from privacy.notices.messages import purpose_of
from privacy.notices.models import RETENTION_CLASS, Notice
from privacy.subjects.models import DataSubject

WAKE, WAKE_CODE = "privacy.notices.tasks.send_notice", "privacy.notices.tasks.send_code"


@dataclass(frozen=True)
class PreparedNotice:
    """A message that was counted and is not stored yet, or the equal one that replaces it.

    The caller makes its keys, then stores it.
    """

    notice: Notice
    is_new: bool
    goes_out: bool

    @property
    def keys(self) -> Mapping[UUID, Collection[str]]:
        """The classes of the keys that it needs, by their owner."""
        return {self.notice.pk: [RETENTION_CLASS]} if self.goes_out else {}

    def store(self) -> None:
        """Store the message, and send it after the commit."""
        if self.is_new:
            self.notice.save(force_insert=True)
        if self.goes_out:
            task = WAKE_CODE if self.notice.is_urgent else WAKE
            transaction.on_commit(lambda: wake(task, self.notice.pk))


def prepare_notice(
    *,
    subject: DataSubject | None,
    channel: str,
    address: str,
    template: str,
    language: str,
    context: Mapping[str, str],
    code: str = "",
    about: str = "",
) -> PreparedNotice:
    """Count a message as `send_notice` does, for a caller who stores it together with other rows. Raises as it does."""
    complete = _complete(context, subject, code)
    notice = draft_notice(
        subject=subject, channel=channel, address=address, template=template, language=language, context=complete
    )
    if "expires_at" in complete:
        notice.is_urgent, notice.expires_at = True, dt.datetime.fromisoformat(complete["expires_at"])
    if first := fold(notice, about=about):
        return PreparedNotice(first, is_new=False, goes_out=False)
    return PreparedNotice(notice, is_new=True, goes_out=_is_counted(notice))


def draft_notice(
    *,
    subject: DataSubject | None,
    channel: str,
    address: str,
    template: str,
    language: str,
    context: Mapping[str, str],
) -> Notice:
    """Return a message that is not stored yet; its context names the jurisdiction whose controller writes."""
    notice = Notice(subject=subject, channel=channel, address=address, template=template, language=language)
    notice.context = json.dumps(context)
    return notice


def _complete(context: Mapping[str, str], subject: DataSubject | None, code: str) -> dict[str, str]:
    complete = {"jurisdiction": subject.jurisdiction if subject else settings.JURISDICTIONS[0], **context}
    get_jurisdiction(complete["jurisdiction"])
    if code:
        complete["code"] = code
        complete.setdefault("expires_at", (timezone.now() + settings.CODE_LIFETIME).isoformat())
    return complete


def _is_counted(notice: Notice) -> bool:
    """Count a message; mark it as not sent if it is beyond a limit. Raises `RateLimited` for a code."""
    purpose = purpose_of(template=notice.template, is_urgent=notice.is_urgent)
    person = str(notice.subject_id or "")
    try:
        count_message(channel=notice.channel, address=str(notice.address), person=person, purpose=purpose)
    except RateLimited as refused:
        if notice.is_urgent:
            raise
        notice.address = notice.context = None
        notice.state, notice.last_error, notice.ended_at = Notice.State.FAILED, type(refused).__name__, timezone.now()
        return False
    return True
