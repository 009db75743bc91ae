"""Folds equal messages: of several to one address about the same thing within an hour, one is sent.

A message that is triggered again and again is sent once an hour; messages that differ are all sent.
"""

import datetime as dt

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now

from privacy.encryption.fields import blind_index
from privacy.notices.models import Notice

WINDOW = dt.timedelta(hours=1)


def fold(notice: Notice, *, about: str) -> Notice | None:
    """Return the equal message that waits or was sent within `WINDOW`, and count this one there; else None.

    A message without an equal one is marked, so that later ones find it. Codes, and messages without a person, are
    never equal.
    """
    if not settings.RATE_LIMITS or notice.is_urgent or notice.subject_id is None:
        return None
    same = "|".join([str(notice.subject_id), notice.template, notice.channel, str(notice.address), about])
    notice.fold_key = blind_index(same, "notice:fold")
    waits_or_was_sent = Q(state=Notice.State.QUEUED) | Q(state=Notice.State.SENT, ended_at__gt=Now() - WINDOW)
    first = Notice.objects.filter(waits_or_was_sent, fold_key=notice.fold_key).first()
    if first is not None:
        Notice.objects.filter(pk=first.pk).update(folded=F("folded") + 1)
    return first
