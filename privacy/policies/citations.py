"""Which clauses of a version state a purpose, a field or a ground: proposed at import, confirmed before publication.

Receipts, "What we collect", holds and erasures name the clause of the version that the person accepted, or none.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from privacy.policies.models import Citation, CitationCheck, Clause, PolicyVersion, PublicationProposal
from privacy.policies.proposing import propose_citations
from privacy.policies.refusals import PolicyRefused
from privacy.policies.refusals import gettext_noop as _
from privacy.policies.topics import all_topics

# A published version and its confirmed citations never change.
_published: dict[UUID, "Mapping[str, Sequence[CitedClause]]"] = {}
_SEPARATORS = re.compile(r"[,;，；、]")


@dataclass(frozen=True, slots=True)
class CitedClause:
    """A clause as a page names it, and its anchor in the text."""

    name: str
    anchor: str


class UnknownClause(PolicyRefused):
    """The text has no clause with this number, heading or anchor."""


class UnknownTopic(PolicyRefused):
    """The portal names no clause for this topic."""


class DraftChanged(PolicyRefused):
    """The text of a draft, or its citations, changed since it was read."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The text or its clauses changed after you opened this page. Nothing is saved, but "
                "what you entered is still here. Compare it with the current text and send it again."
            )
        )


def cited_clauses(version: PolicyVersion | None) -> Mapping[str, str]:
    """Return by topic the clauses that state it in a version, as `2.2.1` or `6.3.4, 6.3.5`; empty for no version.

    A topic that no clause states is left out.
    """
    return {topic: ", ".join(clause.name for clause in clauses) for topic, clauses in clauses_to_link(version).items()}


def clauses_to_link(version: PolicyVersion | None) -> Mapping[str, Sequence[CitedClause]]:
    """Return by topic the clauses that state it in a version, in their order, as `cited_clauses` names them."""
    if version is None:
        return {}
    if version.pk not in _published:
        found = _by_topic(version)
        if not version.is_published or not version.has_confirmed_citations:
            return found
        _published[version.pk] = found
    return _published[version.pk]


def citations_to_check(version: PolicyVersion) -> dict[str, list[Clause]]:
    """Return by topic the clauses that are proposed or confirmed for a version, for staff to read."""
    found: dict[str, list[Clause]] = {}
    for citation in _in_order(version):
        found.setdefault(citation.topic, []).append(citation.clause)
    return found


def state_of_draft(version: PolicyVersion) -> str:
    """Return what identifies the state of a draft: its text, and when its citations were confirmed.

    A form contains it, so that no decision is made about a text that its sender did not read.
    """
    checked = CitationCheck.objects.filter(version=version).values_list("confirmed_at", flat=True).first()
    digest = PolicyVersion.objects.values_list("digest", flat=True).get(pk=version.pk)
    return f"{digest} {checked.isoformat() if checked else 'unchecked'}"


def refuse_if_changed(version: PolicyVersion, shown: str | None) -> None:
    """Raise `DraftChanged` if `state_of_draft` is not the one that was shown; None, for the shell, skips the check."""
    if shown is not None and shown != state_of_draft(version):
        raise DraftChanged


def propose(version: PolicyVersion) -> None:
    """Store which clauses of a draft seem to state which topics: a proposal until it is confirmed or published."""
    clauses = list(version.clauses.all())
    CitationCheck.objects.filter(version=version).delete()
    _replace(version, propose_citations(clauses))


@transaction.atomic
def confirm_citations(
    *, version: PolicyVersion, cited: Mapping[str, str], by: UUID | None, shown: str | None = None
) -> None:
    """Store which clauses state the topics of a draft, as a person confirmed; a proposal to publish it is deleted.

    `cited` maps topics to the clauses' numbers, headings or anchors, separated by commas; a topic with an empty text is
    stated by no clause. `shown` is the `state_of_draft` that was read; it and `by` are None for the shell. Raises
    `PublishedVersionFinal`, `DraftChanged`, `UnknownTopic`, `UnknownClause`.
    """
    draft = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    draft.refuse_if_published()
    refuse_if_changed(draft, shown)
    _refuse_unknown_topics(cited)
    _replace(draft, {topic: clauses_named(draft, names) for topic, names in cited.items()})
    CitationCheck.objects.update_or_create(version=draft, defaults={"confirmed_by": by, "confirmed_at": timezone.now()})
    PublicationProposal.objects.filter(version=draft).delete()


@transaction.atomic
def cite_published_before(version: PolicyVersion) -> bool:
    """Add citations to a version that was published by a release without them; return whether that was needed.

    For the shell, which publishes without a second person. Citations of a published version never change.
    """
    published = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    if not published.is_published or published.has_confirmed_citations:
        return False
    propose(published)
    confirm_as_published(published)
    return True


def confirm_as_published(version: PolicyVersion) -> None:
    """Mark the proposed citations as confirmed unless they are already: the shell publishes what it was shown."""
    CitationCheck.objects.get_or_create(version=version, defaults={"confirmed_at": timezone.now()})


def clauses_named(version: PolicyVersion, names: str) -> list[Clause]:
    """Return the clauses that a text such as `6.3.4, 6.3.5` names, by number, heading or anchor, in the given order.

    Raises `UnknownClause`.
    """
    by_name: dict[str, Clause] = {}
    for clause in version.clauses.all():
        for name in (clause.number, clause.heading, clause.anchor):
            by_name.setdefault(name.casefold(), clause)
    if names.strip().casefold() in by_name and names.strip():  # a heading may contain a comma
        return [by_name[names.strip().casefold()]]
    wanted = [name.strip() for name in _SEPARATORS.split(names) if name.strip()]
    if unknown := [name for name in wanted if name.casefold() not in by_name]:
        raise UnknownClause(_("%(version)s has no clause %(clauses)s."), version=version, clauses=", ".join(unknown))
    return list(dict.fromkeys(by_name[name.casefold()] for name in wanted))


def _refuse_unknown_topics(topics: Iterable[str]) -> None:
    known = [topic.key for topic in all_topics()]
    if unknown := sorted(set(topics) - set(known)):
        message = _("Unknown topic %(unknown)s. Topics: %(known)s.")
        raise UnknownTopic(message, unknown=", ".join(unknown), known=", ".join(known))


def _by_topic(version: PolicyVersion) -> dict[str, Sequence[CitedClause]]:
    return {
        topic: [CitedClause(clause.cited_as, clause.anchor) for clause in clauses]
        for topic, clauses in citations_to_check(version).items()
    }


def _in_order(version: PolicyVersion) -> Iterable[Citation]:
    chosen = Citation.objects.filter(version=version).select_related("clause").order_by("clause__position")
    return chosen.defer("clause__html")


def _replace(version: PolicyVersion, cited: Mapping[str, Sequence[Clause]]) -> None:
    Citation.objects.filter(version=version).delete()
    Citation.objects.bulk_create(
        Citation(version=version, topic=topic, clause=clause) for topic, clauses in cited.items() for clause in clauses
    )
