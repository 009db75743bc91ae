"""Every retention class and its period: which data is kept equally long, and how long."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from babel.lists import format_list
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.inventory.locales import present_locale
from privacy.inventory.periods import period_in_words


class RetentionClass(StrEnum):
    """Data that is kept equally long; a subject has one key for each class that seals values."""

    ACCOUNT = "account"
    CONTACT = "contact"
    SECURITY = "security"
    CORRECTIONS = "corrections"
    SIGN_IN = "sign_in"
    MESSAGES = "messages"
    COPIES = "copies"
    REQUESTS = "requests"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Retention:
    """The label of a class and how long it is kept: a `period` after which rows are deleted (None: with the account).

    `is_sealed` says that its values are sealed under the person's own key of this class; `may_be_held` that a legal
    hold (clause 1.7 of the sample policy) can keep it beyond an erasure.
    """

    label: str | Promise
    words: str | Promise
    period: dt.timedelta | None = None
    is_sealed: bool = False
    may_be_held: bool = False


RETENTION: dict[RetentionClass, Retention] = {
    RetentionClass.ACCOUNT: Retention(
        _("account and profile"),
        _("until the account is cancelled and its cooling-off period ends"),
        is_sealed=True,
        may_be_held=True,
    ),
    RetentionClass.CONTACT: Retention(
        _("contact points"), _("until it is replaced, or the account is erased"), is_sealed=True, may_be_held=True
    ),
    RetentionClass.SECURITY: Retention(_("security events"), _("180 days"), dt.timedelta(days=180), may_be_held=True),
    RetentionClass.CORRECTIONS: Retention(_("corrections"), _("two years"), dt.timedelta(days=730), may_be_held=True),
    RetentionClass.SIGN_IN: Retention(_("sessions"), _("until you sign out or it expires"), is_sealed=True),
    RetentionClass.MESSAGES: Retention(_("messages"), _("30 days after it was sent"), dt.timedelta(days=30)),
    RetentionClass.COPIES: Retention(_("copies of the data"), _("30 days after the request"), dt.timedelta(days=30)),
    # Three years: the usual time in which a claim about an answer can be brought.
    RetentionClass.REQUESTS: Retention(
        _("requests"), _("three years after it was closed"), dt.timedelta(days=1096), may_be_held=True
    ),
    RetentionClass.EVIDENCE: Retention(_("evidence"), _("as long as the law requires proof; it contains no name")),
}

# What a person takes along to another jurisdiction, unless its record says otherwise.
MOVING_CLASSES = frozenset({RetentionClass.ACCOUNT, RetentionClass.CONTACT, RetentionClass.SECURITY})
SEALED_CLASSES = tuple(name for name, retention in RETENTION.items() if retention.is_sealed)
HOLDABLE_CLASSES = tuple(name for name, retention in RETENTION.items() if retention.may_be_held)
AGEING_CLASSES = tuple(name for name, retention in RETENTION.items() if retention.period)


def period_of(retention_class: RetentionClass) -> dt.timedelta | None:
    """Return how long rows of a class are kept in this deployment; None: as long as the account."""
    return settings.RETENTION_OVERRIDES.get(retention_class.value, RETENTION[retention_class].period)


def labels_of(retention_classes: Iterable[str]) -> str:
    """Return the labels of classes; one that no longer exists keeps its key."""
    labels = {name.value: str(retention.label) for name, retention in RETENTION.items()}
    return in_a_row(labels.get(name, name) for name in retention_classes)


def in_a_row(names: Iterable[str]) -> str:
    """Return names as one text, as the reader's language writes a list: "A, B, and C"."""
    return format_list(list(names), locale=present_locale())


def holdable_choices() -> list[tuple[str, str | Promise]]:
    """Return the classes that a hold or a recipient may name, for a form."""
    return [(name.value, RETENTION[name].label) for name in HOLDABLE_CLASSES]


def words_of(retention_class: RetentionClass) -> str:
    """Return how long a class is kept, in the reader's words; always as the purge does it."""
    period = settings.RETENTION_OVERRIDES.get(retention_class.value)
    words = str(RETENTION[retention_class].words) if period is None else period_in_words(period)
    if retention_class is not RetentionClass.COPIES:
        return words
    # The contents of a copy are deleted before the record of its request.
    return gettext("%(words)s; its contents, %(lifetime)s") % {
        "words": words,
        "lifetime": period_in_words(settings.COPY_LIFETIME),
    }
