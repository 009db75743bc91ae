"""What a person agreed to, and what they have yet to answer."""

from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery

from privacy.consent.models import ConsentRecord
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import material_changes_since, version_to_show


def consents_of(subject_id: UUID) -> QuerySet[ConsentRecord]:
    """Return every act of consent of a person, newest first."""
    return ConsentRecord.objects.filter(subject_id=subject_id).select_related("version").order_by("-position")


def latest_consent(subject_id: UUID) -> ConsentRecord | None:
    """Return the newest act of consent of a person, which says what is in force, or None."""
    return consents_of(subject_id).first()


def purposes_in_force(subject_id: UUID) -> list[str]:
    """Return the keys of the optional purposes that a person has switched on."""
    latest = latest_consent(subject_id)
    return list(latest.purposes) if latest else []


def unanswered_changes(subject_id: UUID) -> QuerySet[PolicyVersion]:
    """Return the material versions that came into force since the one that the person accepted (3.5.2).

    A member of staff who never agreed to anything has none to answer.
    """
    latest = latest_consent(subject_id)
    return material_changes_since(latest.version) if latest else PolicyVersion.objects.none()


def announced_version(subject_id: UUID) -> PolicyVersion | None:
    """Return the version in force where it is not the one that the person accepted, or None.

    Where it is a material one, the gate asks; otherwise it is only announced.
    """
    latest = latest_consent(subject_id)
    if latest is None:
        return None
    current = version_to_show(latest.version.jurisdiction, latest.language)
    return None if current.label == latest.version.label else current


def people_by_version() -> dict[str, int]:
    """Return how many people's latest consent names each version, by the version's id."""
    newest = ConsentRecord.objects.filter(subject=OuterRef("subject")).order_by("-position").values("position")[:1]
    standing = ConsentRecord.objects.filter(position=Subquery(newest), subject__erased_at__isnull=True)
    counted = standing.values_list("version_id").annotate(people=Count("pk")).order_by()
    return {str(version_id): people for version_id, people in counted}
