"""The summary of a policy: facts of the data inventory and the settings, with the clauses that state them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from privacy.inventory.authorities import authority_for
from privacy.inventory.declarations import Kind, PersonalField
from privacy.inventory.periods import period_in_words
from privacy.inventory.purposes import NECESSARY, Basis, Purpose, optional_purposes
from privacy.inventory.queries import fields_for, personal_fields
from privacy.inventory.retention_classes import AGEING_CLASSES, RetentionClass, labels_of, words_of
from privacy.inventory.rights import RIGHTS
from privacy.inventory.third_parties import third_parties
from privacy.inventory.value_labels import value_label
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.jurisdictions import Jurisdiction, jurisdiction_of_country
from privacy.policies.citations import CitedClause, clauses_to_link
from privacy.policies.grounds import DeletionGround
from privacy.policies.models import PolicyVersion
from privacy.policies.topics import deletion_topic, field_topic, purpose_topic

Cited = Mapping[str, Sequence[CitedClause]]


@dataclass(frozen=True)
class Fact:
    """A fact in a few words; `is_sensitive` as the policy marks a field, `url` where a page of others says more."""

    text: str
    is_sensitive: bool = False
    url: str = ""


@dataclass(frozen=True)
class SummaryLine:
    """A question and the facts that answer it: a row of short names, or `notes`, each a sentence of its own.

    `clauses` are those of the version that state the facts; empty where the inventory knows none.
    """

    label: str
    facts: Sequence[Fact] = ()
    notes: Sequence[str] = ()
    clauses: Sequence[CitedClause] = ()


@dataclass(frozen=True)
class PolicySummary:
    """The summary of one version, in the reader's language."""

    jurisdiction: Jurisdiction
    version: PolicyVersion
    lines: Sequence[SummaryLine]


def summary_of(
    kind: Kind | str | None, jurisdiction: Jurisdiction, version: PolicyVersion, country: str | None = None
) -> PolicySummary:
    """Return the summary of a version for a kind of registration; for None, what either kind is asked.

    With the country of the reader, it has the authority and the days of an answer of that country.
    """
    cited = clauses_to_link(version)
    kinds = [Kind(kind)] if kind else list(Kind)
    lines = [
        *_asked(kinds, jurisdiction, cited),
        _used(kinds, cited),
        *_optional_uses(cited),
        _stored(jurisdiction),
        _kept(cited),
        _received(),
        _rights(jurisdiction, country),
        _authority(jurisdiction, country),
    ]
    return PolicySummary(jurisdiction, version, lines)


def _asked(kinds: Sequence[Kind], jurisdiction: Jurisdiction, cited: Cited) -> Iterator[SummaryLine]:
    for kind in kinds:
        required = [field for field in fields_for(kind) if _is_required(field, kind, jurisdiction)]
        optional = [field for field in fields_for(kind) if field not in required]
        labels = _labels(kind if len(kinds) > 1 else None)
        for label, fields in zip(labels, (required, optional), strict=True):
            if fields:
                facts = [Fact(str(field.label), field.sensitive) for field in fields]
                yield SummaryLine(label, facts, clauses=_clauses(cited, (field_topic(field, kind) for field in fields)))


def _labels(kind: Kind | None) -> tuple[str, str]:
    """Return what the required and the optional fields of a kind are called; None where only one kind is shown."""
    match kind:
        case Kind.INDIVIDUAL:
            return _("Required from individuals"), _("Optional for individuals")
        case Kind.ENTERPRISE:
            return _("Required from enterprises"), _("Optional for enterprises")
        case _:
            return _("Required"), _("Optional")


def _is_required(field: PersonalField, kind: Kind, jurisdiction: Jurisdiction) -> bool:
    """Whether the field is required from a kind in any country of the jurisdiction."""
    if not field.required_in:
        return field.is_required_for(kind)
    here = [country for country in field.required_in if jurisdiction_of_country(country).code == jurisdiction.code]
    return any(field.is_required_for(kind, country) for country in here)


def _used(kinds: Sequence[Kind], cited: Cited) -> SummaryLine:
    """Return the necessary purposes, without those for which only the other kind is asked something."""
    purposes = [
        purpose
        for purpose in NECESSARY.values()
        if purpose.basis is not Basis.CONSENT and _concerns(purpose, frozenset(kinds))
    ]
    return SummaryLine(_("What we use it for"), _names(purposes), clauses=_stating(cited, purposes))


def _concerns(purpose: Purpose, kinds: frozenset[Kind]) -> bool:
    asked_of = [field.kinds for field in personal_fields() if field.purpose == purpose.key]
    return not asked_of or any(kinds & each for each in asked_of)


def _optional_uses(cited: Cited) -> Iterator[SummaryLine]:
    if purposes := optional_purposes():
        yield SummaryLine(_("Only if you turn it on"), _names(purposes), clauses=_stating(cited, purposes))


def _stored(jurisdiction: Jurisdiction) -> SummaryLine:
    place = Fact(value_label("country", jurisdiction.storage_country))
    return SummaryLine(_("Where we store it"), [place], [str(jurisdiction.law)])


def _kept(cited: Cited) -> SummaryLine:
    erased = {"erased": period_in_words(settings.ERASE_WITHIN)}
    if settings.COOLING_OFF:
        undo = {"undo": period_in_words(settings.COOLING_OFF)}
        said = _(
            "Until you cancel your account. You can undo that for %(undo)s. Then we erase your data within %(erased)s."
        )
        until = said % (undo | erased)
    else:
        until = _("Until you cancel your account. Then we erase your data within %(erased)s.") % erased
    periods = [_said_of(labels_of([name]), words_of(name)) for name in (*AGEING_CLASSES, RetentionClass.EVIDENCE)]
    clauses = _clauses(cited, [deletion_topic(DeletionGround.CANCELLED)])
    return SummaryLine(_("How long we keep it"), notes=[until, *periods], clauses=clauses)


def _received() -> SummaryLine:
    parties = [_said_of(party.name, labels_of(party.classes)) for party in third_parties()]
    return SummaryLine(
        _("Who else holds it"), notes=parties or [_("No other organisation is registered as holding it.")]
    )


def _rights(jurisdiction: Jurisdiction, country: str | None) -> SummaryLine:
    days = get_country(country).answer_days if country else jurisdiction.answer_within_days
    answer = _("We answer within %(days)s days.") % {"days": days}
    return SummaryLine(_("Your rights"), [Fact(str(label)) for label in RIGHTS.values()], [answer])


def _authority(jurisdiction: Jurisdiction, country: str | None) -> SummaryLine:
    authority = authority_for(country, jurisdiction)
    return SummaryLine(_("Where to complain"), [Fact(authority.name, url=authority.page)])


def _names(purposes: Iterable[Purpose]) -> list[Fact]:
    return [Fact(str(purpose.label)) for purpose in purposes]


def _stating(cited: Cited, purposes: Iterable[Purpose]) -> list[CitedClause]:
    return _clauses(cited, map(purpose_topic, purposes))


def _clauses(cited: Cited, topics: Iterable[str]) -> list[CitedClause]:
    """Return the clauses that state any of some topics, each once."""
    return list(dict.fromkeys(clause for topic in topics for clause in cited.get(topic, ())))


def _said_of(name: str, what: object) -> str:
    between = pgettext("between a name and what is said of it", ": ")
    return f"{capfirst(name)}{between}{what}"
