"""What a step of a request says besides its kind, in the reader's words."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.inventory.retention_classes import labels_of
from privacy.inventory.value_labels import value_label
from privacy.policies.grounds import RetentionGround
from privacy.rights.choices import About, ExtensionReason, Proof
from privacy.rights.proof.documents import DocumentKind
from privacy.rights.proof.pictures import LookReason


def rule_in_words(rule: str) -> str:
    """Return where the number of days comes from: a clause of the policy, or the law of a country."""
    source, _blank, place = rule.partition(" ")
    if source == "policy":
        return _("clause %(clause)s of the policy") % {"clause": place}
    return _("law of %(country)s") % {"country": value_label("country", place)}


def details_in_words(details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each detail with its label; one that is not known keeps its name and value."""
    for name, value in details.items():
        label, words = _KNOWN.get(name, (name, str))
        yield str(label), words(value)


def _time(text: str) -> str:
    return date_format(timezone.localtime(dt.datetime.fromisoformat(text)), "DATETIME_FORMAT")


def _yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _why_void(why: str) -> str:
    return str(_WHY_VOID.get(why, why))


_WHY_VOID: dict[str, Promise] = {
    "not_delivered": gettext_lazy("The message was not delivered"),
    "too_late": gettext_lazy("The message was not sent in time"),
    "posted_late": gettext_lazy("The letter was not posted in time"),
}
_KNOWN: dict[str, tuple[str | Promise, Callable[[Any], str]]] = {
    "rule": (gettext_lazy("Rule"), rule_in_words),
    "about": (gettext_lazy("Whose data"), lambda value: str(About(value).label)),
    "attested_at": (gettext_lazy("Authority attested"), _time),
    "due_at": (gettext_lazy("To be answered by"), _time),
    "first_due_at": (gettext_lazy("First to be answered by"), _time),
    "written_at": (gettext_lazy("Written"), _time),
    "handed_over_at": (gettext_lazy("Handed over"), _time),
    "is_late": (gettext_lazy("Late"), _yes_or_no),
    "proof": (gettext_lazy("Proof of identity"), lambda value: str(Proof(value).label)),
    "document": (gettext_lazy("Identity document"), lambda value: str(DocumentKind(value).label)),
    "why_seen": (gettext_lazy("Why"), lambda value: str(LookReason(value).label)),
    "reason": (gettext_lazy("Reason"), lambda value: str(ExtensionReason(value).label)),
    "why": (gettext_lazy("Why it is void"), _why_void),
    "exception": (gettext_lazy("Why we refused it"), lambda value: str(RetentionGround(value).label)),
    "legal_basis": (gettext_lazy("Legal basis"), str),
    "kept": (gettext_lazy("What is kept"), labels_of),
    "kept_until": (gettext_lazy("Kept until"), _time),
    "regulator": (gettext_lazy("Where to complain"), str),
    "court": (gettext_lazy("Court"), str),
}
