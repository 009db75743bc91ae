"""What a person agreed to, and which changes they have not answered yet."""

from collections.abc import Collection, Mapping
from itertools import zip_longest
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, UUIDField, Value, When

from privacy.consent.models import ConsentRecord
from privacy.database.compiled import CompiledQuery
from privacy.evidence.models import ChainHead
from privacy.policies.citations import cited_clauses
from privacy.policies.languages import language_to_write_in
from privacy.policies.models import PolicyVersion
from privacy.policies.published import changed_materially_since
from privacy.policies.queries import material_changes_since, published_version, version_to_show
from privacy.preferences.preferences import preferences_of
from privacy.subjects.models import DataSubject

# An id that no version has, so that it counts as changed.
NO_VERSION = UUID(int=0)

# With each of these a person begins under a jurisdiction.
FIRST_ACTS = (ConsentRecord.Act.REGISTERED, ConsentRecord.Act.MOVED)


def consents_of(subject_id: UUID) -> QuerySet[ConsentRecord]:
    """Return every act of consent of a person, newest first."""
    return _rows_of_acts(subject_id).select_related("version").defer("version__original", "version__html")


def every_act(subject_id: UUID) -> list[ConsentRecord]:
    """Return `acts_of` as a list, by a query that is compiled once."""
    acts = EVERY_ACT.rows(subject_id)
    for act, before in zip_longest(acts, acts[1:]):
        act.version = published_version(act.version_id)
        act.purposes_before = before.purposes if before else None
    return acts


def acts_of(subject_id: UUID) -> QuerySet[ConsentRecord]:
    """Return `consents_of`, each with the purposes that were on before it, to tell what it changed."""
    return with_purposes_before(consents_of(subject_id))


def with_purposes_before(acts: QuerySet[ConsentRecord]) -> QuerySet[ConsentRecord]:
    """Read with each act of consent which optional purposes were on before it."""
    earlier = ConsentRecord.objects.filter(subject_id=OuterRef("subject_id"), position__lt=OuterRef("position"))
    return acts.annotate(read_before=Subquery(earlier.order_by("-position").values("purposes")[:1]))


def latest_consent(subject_id: UUID) -> ConsentRecord | None:
    """Return the newest act of consent of a person, which says what is in force, or None."""
    latest = LATEST_CONSENT.first(subject_id)
    if latest:
        latest.version = published_version(latest.version_id)
    return latest


def language_of(subject_id: UUID) -> str:
    """Return the language for messages to a person outside their own requests.

    It is the one that they chose, else that of their latest agreement. For a language that the portal does not have,
    see `language_to_write_in`.
    """
    if chosen := preferences_of(subject_id).language:
        return chosen
    latest = latest_consent(subject_id)
    return language_to_write_in(latest.language if latest else settings.LANGUAGE_CODE)


def clauses_accepted(subject_id: UUID) -> Mapping[str, str]:
    """Return by topic the clauses of the version that a person accepted last; empty if they never agreed."""
    latest = latest_consent(subject_id)
    return cited_clauses(latest.version if latest else None)


def ledger_position() -> int:
    """Return the length of the ledger of consents: acts that are committed later have a higher position."""
    head = ChainHead.objects.filter(chain=ConsentRecord._meta.label_lower)
    return head.values_list("position", flat=True).first() or 0


def registrations_after(position: int, *, most: int) -> tuple[int, list[tuple[UUID, UUID]]]:
    """Read at most `most` acts of the ledger after a position.

    Return the position of the last one, and the person and version of each registration among them. Erased persons are
    left out.
    """
    acts = ConsentRecord.objects.filter(position__gt=position).order_by("position")
    read = list(acts.values_list("position", "act", "subject_id", "version_id", "subject__erased_at")[:most])
    registered = [
        (subject, version)
        for _position, act, subject, version, erased_at in read
        if act in FIRST_ACTS and erased_at is None
    ]
    return (read[-1][0] if read else position), registered


def registered_after(subject_id: OuterRef, position: int) -> Exists:
    """Return an expression for queries of persons: whether one registered after a position of the ledger."""
    acts = ConsentRecord.objects.filter(subject_id=subject_id, position__gt=position)
    return Exists(acts.filter(act__in=FIRST_ACTS))


def latest_consents(subjects: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the version that each of these persons agreed to last, by one query."""
    acts = ConsentRecord.objects.filter(subject__pk__in=list(subjects)).order_by("position")
    return dict(acts.values_list("subject_id", "version_id"))


def purposes_in_force(subject_id: UUID) -> list[str]:
    """Return the keys of the optional purposes that a person has turned on."""
    latest = latest_consent(subject_id)
    return list(latest.purposes) if latest else []


def unanswered_changes(subject_id: UUID) -> QuerySet[PolicyVersion]:
    """Return the material versions that came into force since the one that the person accepted.

    Staff who never agreed to anything have none. For a person who is asked again after a restore: the version in force.
    """
    latest = latest_consent(subject_id)
    if latest and latest.act == ConsentRecord.Act.ASKED_AGAIN:
        return PolicyVersion.objects.filter(pk=version_to_show(latest.version.jurisdiction, latest.language).pk)
    return material_changes_since(latest.version) if latest else PolicyVersion.objects.none()


def has_unanswered_changes(subject: DataSubject) -> bool:
    """Whether there are `unanswered_changes`; for every request. A publication may be noticed a second late.

    A subject that was loaded with its session knows which version it accepted: see `accepted_version`.
    """
    if not hasattr(subject, "accepted_version"):
        return unanswered_changes(subject.pk).exists()
    accepted = subject.accepted_version
    return accepted is not None and changed_materially_since(accepted) and unanswered_changes(subject.pk).exists()


def accepted_version(subject_id: OuterRef) -> Subquery:
    """Return an expression for queries of persons: the id of the version that one accepted last.

    `NO_VERSION` if the person is to be asked again.
    """
    newest = ConsentRecord.objects.filter(subject_id=subject_id).order_by("-position")
    is_asked = When(act=ConsentRecord.Act.ASKED_AGAIN, then=Value(NO_VERSION))
    return Subquery(
        newest.annotate(accepted=Case(is_asked, default=F("version_id"), output_field=UUIDField())).values("accepted")[
            :1
        ]
    )


def version_named_last(subject_id: OuterRef) -> Subquery:
    """Return an expression for queries of persons: the id of the version that one's latest act names.

    It counts acts that ask a person again, too, as `tallies.people_by_version` does.
    """
    newest = ConsentRecord.objects.filter(subject_id=subject_id).order_by("-position")
    return Subquery(newest.values("version_id")[:1], output_field=UUIDField())


def announced_version(latest: ConsentRecord | None) -> PolicyVersion | None:
    """Return the version in force if it is not the one of a person's latest act of consent, else None.

    A material version closes the gate; any other is only announced.
    """
    if latest is None:
        return None
    current = version_to_show(latest.version.jurisdiction, latest.language)
    return None if current.label == latest.version.label else current


def _rows_of_acts(subject_id: UUID) -> QuerySet[ConsentRecord]:
    return ConsentRecord.objects.filter(subject_id=subject_id).order_by("-position")


EVERY_ACT = CompiledQuery(_rows_of_acts, UUID)
LATEST_CONSENT = CompiledQuery(lambda subject_id: _rows_of_acts(subject_id)[:1], UUID)
