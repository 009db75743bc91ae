"""What a person agreed to, and what they have yet to answer."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, UUIDField, Value, When

from privacy.consent.models import ConsentRecord
from privacy.evidence.models import ChainHead
from privacy.policies.citations import cited_clauses
from privacy.policies.languages import language_to_write_in
from privacy.policies.models import PolicyVersion
from privacy.policies.published import changed_materially_since
from privacy.policies.queries import material_changes_since, version_to_show
from privacy.subjects.models import DataSubject

# A version that nobody published, so that it counts as changed.
NO_VERSION = UUID(int=0)


def consents_of(subject_id: UUID) -> QuerySet[ConsentRecord]:
    """Return every act of consent of a person, newest first."""
    return ConsentRecord.objects.filter(subject_id=subject_id).select_related("version").order_by("-position")


def acts_of(subject_id: UUID) -> QuerySet[ConsentRecord]:
    """Return `consents_of`, each with the purposes that were on before it, so that it can say what it changed."""
    return with_purposes_before(consents_of(subject_id))


def with_purposes_before(acts: QuerySet[ConsentRecord]) -> QuerySet[ConsentRecord]:
    """Read with each act of consent which optional purposes were on before it."""
    earlier = ConsentRecord.objects.filter(subject_id=OuterRef("subject_id"), position__lt=OuterRef("position"))
    return acts.annotate(read_before=Subquery(earlier.order_by("-position").values("purposes")[:1]))


def latest_consent(subject_id: UUID) -> ConsentRecord | None:
    """Return the newest act of consent of a person, which says what is in force, or None."""
    return consents_of(subject_id).first()


def language_of(subject_id: UUID) -> str:
    """Return the language of what is written to a person without a request of theirs: in which they agreed last.

    Where the portal does not speak that one, see `language_to_write_in`.
    """
    latest = latest_consent(subject_id)
    return language_to_write_in(latest.language if latest else settings.LANGUAGE_CODE)


def clauses_accepted(subject_id: UUID) -> Mapping[str, str]:
    """Return by topic the clauses of the version that a person accepted last; none for one who never agreed."""
    latest = latest_consent(subject_id)
    return cited_clauses(latest.version if latest else None)


def ledger_position() -> int:
    """Return how long the ledger of consents is: an act that is committed later has a higher position."""
    head = ChainHead.objects.filter(chain=ConsentRecord._meta.label_lower)
    return head.values_list("position", flat=True).first() or 0


def registrations_after(position: int, *, most: int) -> tuple[int, list[tuple[UUID, UUID]]]:
    """Read so many acts of the ledger at `most`, from behind a position on.

    Return the position of the last one, and person and version of each registration among them of a living person.
    """
    acts = ConsentRecord.objects.filter(position__gt=position).order_by("position")
    read = list(acts.values_list("position", "act", "subject_id", "version_id", "subject__erased_at")[:most])
    registered = [
        (subject, version)
        for _position, act, subject, version, erased_at in read
        if act == ConsentRecord.Act.REGISTERED and erased_at is None
    ]
    return (read[-1][0] if read else position), registered


def registered_after(subject_id: OuterRef, position: int) -> Exists:
    """Return whether a person registered behind a position of the ledger, in a query for something else of them."""
    acts = ConsentRecord.objects.filter(subject_id=subject_id, position__gt=position)
    return Exists(acts.filter(act=ConsentRecord.Act.REGISTERED))


def latest_consents(subjects: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the version that each of these persons agreed to last, by one query."""
    acts = ConsentRecord.objects.filter(subject__pk__in=list(subjects)).order_by("position")
    return dict(acts.values_list("subject_id", "version_id"))


def purposes_in_force(subject_id: UUID) -> list[str]:
    """Return the keys of the optional purposes that a person has switched on."""
    latest = latest_consent(subject_id)
    return list(latest.purposes) if latest else []


def unanswered_changes(subject_id: UUID) -> QuerySet[PolicyVersion]:
    """Return the material versions that came into force since the one that the person accepted.

    A member of staff who never agreed to anything has none to answer; a person who is asked anew after a restore, the
    version in force.
    """
    latest = latest_consent(subject_id)
    if latest and latest.act == ConsentRecord.Act.ASKED_ANEW:
        return PolicyVersion.objects.filter(pk=version_to_show(latest.version.jurisdiction, latest.language).pk)
    return material_changes_since(latest.version) if latest else PolicyVersion.objects.none()


def has_unanswered_changes(subject: DataSubject) -> bool:
    """Whether there are `unanswered_changes`, as every request asks it; it may learn of a publication a second late.

    A subject that came with its session knows which version it accepted: see `accepted_version`.
    """
    if not hasattr(subject, "accepted_version"):
        return unanswered_changes(subject.pk).exists()
    accepted = subject.accepted_version
    return accepted is not None and changed_materially_since(accepted) and unanswered_changes(subject.pk).exists()


def accepted_version(subject_id: OuterRef) -> Subquery:
    """Return what finds the id of the version that a person accepted last, in a query for something else of them.

    `NO_VERSION` where the person is to be asked anew.
    """
    newest = ConsentRecord.objects.filter(subject_id=subject_id).order_by("-position")
    is_asked = When(act=ConsentRecord.Act.ASKED_ANEW, then=Value(NO_VERSION))
    return Subquery(
        newest.annotate(accepted=Case(is_asked, default=F("version_id"), output_field=UUIDField())).values("accepted")[
            :1
        ]
    )


def version_named_last(subject_id: OuterRef) -> Subquery:
    """Return what finds the id of the version that a person's latest act names, also where they are to be asked again.

    `tallies.people_by_version` counts by the same.
    """
    newest = ConsentRecord.objects.filter(subject_id=subject_id).order_by("-position")
    return Subquery(newest.values("version_id")[:1], output_field=UUIDField())


def announced_version(subject_id: UUID) -> PolicyVersion | None:
    """Return the version in force where it is not the one that the person accepted, or None.

    Where it is a material one, the gate asks; otherwise it is only announced.
    """
    latest = latest_consent(subject_id)
    if latest is None:
        return None
    current = version_to_show(latest.version.jurisdiction, latest.language)
    return None if current.label == latest.version.label else current
