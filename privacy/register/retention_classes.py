"""Every retention class and its period, on one page: what is kept equally long, and how long (4.1, 4.2)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class RetentionClass(StrEnum):
    """What is kept equally long; a subject has one key for each class that seals values."""

    ACCOUNT = "account"
    CONTACT = "contact"
    SECURITY = "security"
    CORRECTIONS = "corrections"
    SIGN_IN = "sign_in"
    MESSAGES = "messages"
    COPIES = "copies"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a class is kept: a `period` after which rows go by themselves (None: with the account), in words.

    `is_sealed` says that its values are sealed under the person's own key of this class; `may_be_held` that a legal
    hold (1.7) can keep it beyond an erasure.
    """

    words: str | Promise
    period: dt.timedelta | None = None
    is_sealed: bool = False
    may_be_held: bool = False


RETENTION: dict[RetentionClass, Retention] = {
    RetentionClass.ACCOUNT: Retention(
        _("until the account is cancelled and its cooling-off period ends"), is_sealed=True, may_be_held=True
    ),
    RetentionClass.CONTACT: Retention(
        _("until it is replaced, or the account is erased"), is_sealed=True, may_be_held=True
    ),
    RetentionClass.SECURITY: Retention(_("180 days"), dt.timedelta(days=180), may_be_held=True),
    RetentionClass.CORRECTIONS: Retention(_("two years"), dt.timedelta(days=730), may_be_held=True),
    RetentionClass.SIGN_IN: Retention(_("until it runs out, or is ended"), is_sealed=True),
    RetentionClass.MESSAGES: Retention(_("30 days after it was sent"), dt.timedelta(days=30)),
    RetentionClass.COPIES: Retention(_("30 days; what it holds, seven days"), dt.timedelta(days=30)),
    RetentionClass.EVIDENCE: Retention(_("as long as the law asks for proof; it names nobody")),
}

SEALED_CLASSES = tuple(name for name, retention in RETENTION.items() if retention.is_sealed)
HOLDABLE_CLASSES = tuple(name for name, retention in RETENTION.items() if retention.may_be_held)
AGEING_CLASSES = tuple(name for name, retention in RETENTION.items() if retention.period)


def period_of(retention_class: RetentionClass) -> dt.timedelta | None:
    """Return how long rows of a class are kept in this deployment; None: as long as the account."""
    return settings.RETENTION_OVERRIDES.get(retention_class.value, RETENTION[retention_class].period)


def words_of(retention_class: RetentionClass) -> str:
    """Return how long a class is kept, in the reader's words; never other than what the purge does."""
    period = settings.RETENTION_OVERRIDES.get(retention_class.value)
    if period is None:
        return str(RETENTION[retention_class].words)
    days = -(-period // dt.timedelta(days=1))
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
