"""Which text is in force, which one a reader is shown, and what changed since."""

import re
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from privacy.policies.languages import UnknownLanguage, normalise_language
from privacy.policies.models import PolicyVersion
from privacy.policies.published import id_to_show

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class NoPolicyInForce(LookupError):
    """No version is published, or in force yet, for this jurisdiction and language."""


class PolicyNotFound(LookupError):
    """No published version of this jurisdiction has this label and language."""


def published_versions(jurisdiction: str) -> QuerySet[PolicyVersion]:
    """Return every published version of a jurisdiction, in all languages, newest first, without the documents."""
    return _published().filter(jurisdiction=jurisdiction).order_by("-in_force_from", "language")


def drafts() -> QuerySet[PolicyVersion]:
    """Return the versions that are not published yet, oldest first, without the documents."""
    return PolicyVersion.objects.filter(published_at__isnull=True).defer("original", "html").order_by("created_at")


def versions_in_force() -> list[PolicyVersion]:
    """Return the version in force of each jurisdiction and language."""
    came = _published().filter(in_force_from__lte=timezone.now()).order_by("jurisdiction", "language", "in_force_from")
    return list({(version.jurisdiction, version.language): version for version in came}.values())


def scheduled_versions() -> QuerySet[PolicyVersion]:
    """Return the published versions that are not in force yet, the next first."""
    return _published().filter(in_force_from__gt=timezone.now()).order_by("in_force_from")


def version_in_force(jurisdiction: str, language: str, at: datetime | None = None) -> PolicyVersion:
    """Return the one version in force in exactly this language at a time (default: now).

    Raises `NoPolicyInForce`.
    """
    found = _in_force(jurisdiction, at).filter(language=_normalised(language)).first()
    if found is None:
        raise NoPolicyInForce(f"No policy of jurisdiction {jurisdiction!r} is in force in language {language!r}.")
    return found


def version_to_show(jurisdiction: str, language: str) -> PolicyVersion:
    """Return the newest version in force, in the reader's language if it exists in that language.

    An outdated translation is not shown, so that no one agrees to it. Raises `NoPolicyInForce`.
    """
    shown = id_to_show(jurisdiction, _normalised(language))
    if shown is None:
        raise NoPolicyInForce(f"No policy of jurisdiction {jurisdiction!r} is in force.")
    return published_version(shown)


def version_to_replace(draft: PolicyVersion) -> PolicyVersion | None:
    """Return the text that readers of a draft's language are shown now, in any language, or None.

    Once published, the draft replaces it, also if it is the first one in its language.
    """
    try:
        return version_to_show(draft.jurisdiction, draft.language)
    except NoPolicyInForce:
        return None


def lock_label(version: PolicyVersion) -> None:
    """Lock the texts of a version's label, in every language and including drafts, until the transaction ends.

    Decisions that are made once for a label hold this lock. Consents can be recorded meanwhile.
    """
    texts = PolicyVersion.objects.filter(jurisdiction=version.jurisdiction, label=version.label)
    list(texts.select_for_update(no_key=True).order_by("pk").values_list("pk"))


@lru_cache(maxsize=64)
def published_version(pk: UUID) -> PolicyVersion:
    """Return a published version. It never changes, so its row is read once."""
    return PolicyVersion.objects.defer("original").get(pk=pk)


def find_version(jurisdiction: str, label: str, language: str | None = None) -> PolicyVersion:
    """Return a published version by its label; without a language, its first one. Raises `PolicyNotFound`."""
    versions = published_versions(jurisdiction).filter(label=label)
    if language is not None:
        versions = versions.filter(language=_normalised(language))
    found = versions.order_by("in_force_from", "language").first()
    if found is None:
        raise PolicyNotFound(f"Jurisdiction {jurisdiction!r} has no published version {label!r} in that language.")
    return found


def version_by_digest(jurisdiction: str, digest: str) -> PolicyVersion | None:
    """Return the newest published version whose shown text has this SHA-256, or None, also for a malformed SHA-256."""
    if not _SHA256.fullmatch(digest):
        return None
    return published_versions(jurisdiction).filter(digest=digest.lower()).first()


def material_changes_since(accepted: PolicyVersion, at: datetime | None = None) -> QuerySet[PolicyVersion]:
    """Return the material versions of the jurisdiction that came into force after the accepted one, oldest first.

    A label counts from its first text in any language: a later translation of it is not a change for those who accepted
    it, nor is a late translation of an older label.
    """
    same_label = published_versions(accepted.jurisdiction).filter(label=accepted.label)
    first_text = same_label.order_by("in_force_from").values("in_force_from")[:1]
    newer = _in_force(accepted.jurisdiction, at).annotate(label_since=_label_since()).exclude(label=accepted.label)
    return newer.filter(material=True, label_since__gt=Subquery(first_text)).order_by("in_force_from")


def _published() -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.filter(published_at__isnull=False).defer("original")


def _in_force(jurisdiction: str, at: datetime | None) -> QuerySet[PolicyVersion]:
    """Return the versions of a jurisdiction that had come into force at a time, newest first."""
    return published_versions(jurisdiction).filter(in_force_from__lte=at or timezone.now())


def _label_since() -> Subquery:
    """When the first text of a version's label came into force, in any language."""
    same = _published().filter(jurisdiction=OuterRef("jurisdiction"), label=OuterRef("label"))
    return Subquery(same.order_by(F("in_force_from")).values("in_force_from")[:1])


def _normalised(language: str) -> str:
    try:
        return normalise_language(language)
    except UnknownLanguage:
        return ""  # no version has this language
