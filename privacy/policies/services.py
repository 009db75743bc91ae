"""Import a document as a draft, and publish a draft for good."""

import hashlib
import re
from datetime import UTC, datetime, time
from pathlib import PurePath
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.access.two_people import NotTwoPeople, check_two_people
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.policies.citations import confirm_as_published, propose, refuse_if_changed
from privacy.policies.importing import read_policy
from privacy.policies.languages import normalise_language, require_supported_language
from privacy.policies.models import Clause, PolicyVersion, PublicationProposal, PublishedVersionFinal
from privacy.policies.queries import lock_label
from privacy.policies.reading import ImportedText
from privacy.policies.refusals import PolicyRefused
from privacy.policies.refusals import gettext_noop as _
from privacy.policies.signals import policy_published

_LABEL = re.compile(r"\w[\w.-]{0,31}")
_RESERVED_LABELS = frozenset({"changes"})  # a page's address


class InvalidLabel(PolicyRefused):
    """A version's label is part of its address: letters, digits, `.`, `-` and `_`, up to 32."""


class LabelAlreadyPublished(PolicyRefused):
    """Another document is published under this label; give the new one a new label."""


class MaterialityUndecided(PolicyRefused):
    """A person has to decide whether a change is material."""


class MomentTaken(PolicyRefused):
    """Another version of this jurisdiction and language comes into force at the same moment; choose another."""


def import_policy(
    *,
    content: bytes,
    file_name: str,
    jurisdiction: str,
    label: str,
    language: str,
    variant: int | None = None,
    any_language: bool = False,
) -> PolicyVersion:
    """Import a document as a draft; it replaces a draft with the same label. A published document is not changed.

    The import proposes which clauses state the portal's purposes, fields and grounds: see `citations`. `any_language`
    takes a text in a language that the portal's pages do not have; readers see it if no other text of its version is in
    force. Raises `UnknownJurisdiction`, `UnknownLanguage`, `LanguageNotSupported`, `InvalidLabel`, what `read_policy`
    raises, and `LabelAlreadyPublished` if another document is published under the label.
    """
    code = get_jurisdiction(jurisdiction).code
    language = normalise_language(language) if any_language else require_supported_language(language)
    if not _LABEL.fullmatch(label) or label in _RESERVED_LABELS:
        message = _(
            "“%(label)s” is not a valid version label. Use letters, digits, “.”, “-” and “_”, up to 32 characters."
        )
        raise InvalidLabel(message, label=label)
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        versions = PolicyVersion.objects.select_for_update()
        found = versions.filter(jurisdiction=code, language=language, label=label).first()
        if found and found.is_published:
            return _same_or_refuse(found, sha256, variant)
        text = read_policy(content, file_name, variant)
        version = found or PolicyVersion(jurisdiction=code, language=language, label=label)
        version.original, version.original_sha256 = content, sha256
        version.file_name, version.variant = PurePath(file_name).name[:200], variant
        return _save_draft(version, text)


class NothingProposed(PolicyRefused):
    """There is no proposal to publish this draft, or another one replaced the proposal that was read."""


class CitationsUnconfirmed(PolicyRefused):
    """The citations of this draft are not confirmed. Confirm which clauses state the purposes, fields and grounds."""


class SamePerson(PolicyRefused):
    """The person who proposed a publication cannot confirm it, not even by another account."""


@transaction.atomic
def publish_policy(
    *, version: PolicyVersion, material: bool | None = None, effective_at: datetime | None = None
) -> PolicyVersion:
    """Publish a draft for good; it is in force from `effective_at` on, or at once if that is past.

    By default, `effective_at` is the date in the text if it is in the future (midnight UTC), else now. The first
    version of a jurisdiction is material; a translation is as material as its label. The citations of the draft become
    final with it. Raises `PublishedVersionFinal`, `MaterialityUndecided`, `MomentTaken`.
    """
    lock_label(version)  # if two texts of a label are published at once, the second sees the first
    draft = PolicyVersion.objects.get(pk=version.pk)
    if draft.is_published:
        raise PublishedVersionFinal(_("%(version)s is already published."), version=draft)
    now = timezone.now()
    draft.material = _materiality(draft, material)
    draft.effective_at = effective_at or max(default_effective_at(draft) or now, now)
    draft.published_at = now
    draft.in_force_from = max(draft.effective_at, now)
    try:
        with transaction.atomic():
            draft.save()
            confirm_as_published(draft)
    except IntegrityError as error:
        raise MomentTaken(
            _("Another version comes into force at %(at)s. Choose another time."), at=draft.in_force_from.isoformat()
        ) from error
    policy_published.send(sender=PolicyVersion, version=draft)
    return draft


@transaction.atomic
def propose_publication(
    *,
    version: PolicyVersion,
    by: UUID,
    material: bool | None,
    effective_at: datetime | None,
    shown: str | None = None,
) -> PublicationProposal:
    """Ask a second person to publish a draft in this way; an earlier proposal is replaced.

    `shown` is the `state_of_draft` that was read. Raises `PublishedVersionFinal`, `DraftChanged`,
    `CitationsUnconfirmed`.
    """
    version = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    version.refuse_if_published()
    refuse_if_changed(version, shown)
    if not version.has_confirmed_citations:
        raise CitationsUnconfirmed(_("First check which clauses state the purposes, fields and grounds."))
    wanted = {"proposed_by": by, "proposed_at": timezone.now(), "material": material, "effective_at": effective_at}
    return PublicationProposal.objects.update_or_create(version=version, defaults=wanted)[0]


@transaction.atomic
def confirm_publication(*, version: PolicyVersion, by: UUID, proposed_at: datetime) -> PolicyVersion:
    """Publish a draft as it was proposed. `proposed_at` says which proposal the second person read.

    Raises `NothingProposed`, `SamePerson`, and what `publish_policy` raises.
    """
    lock_label(version)  # before the proposal, in the same order as corrections and proposals
    proposal = PublicationProposal.objects.select_for_update().filter(version=version).first()
    if proposal is None or proposal.proposed_at != proposed_at:
        raise NothingProposed(_("This proposal was replaced, rejected or confirmed. Read the page again."))
    try:
        check_two_people(first=proposal.proposed_by, second=by)
    except NotTwoPeople as refused:
        raise SamePerson(str(refused)) from None
    published = publish_policy(version=version, material=proposal.material, effective_at=proposal.effective_at)
    proposal.confirmed_by, proposal.confirmed_at = by, timezone.now()
    proposal.save()
    return published


@transaction.atomic
def reject_publication(*, version: PolicyVersion, proposed_at: datetime) -> None:
    """Withdraw or reject a proposal; the version stays a draft. `proposed_at` says which proposal was read.

    Raises `NothingProposed`.
    """
    waiting = PublicationProposal.objects.filter(version=version, proposed_at=proposed_at, confirmed_at=None)
    if not waiting.delete()[0]:
        raise NothingProposed(_("This proposal was replaced, rejected or confirmed. Read the page again."))


def default_effective_at(version: PolicyVersion) -> datetime | None:
    """Return the beginning (UTC) of the day on which the text says that it takes effect, or None."""
    stated = version.stated_effective_on
    return datetime.combine(stated, time.min, tzinfo=UTC) if stated else None


def _same_or_refuse(published: PolicyVersion, sha256: str, variant: int | None) -> PolicyVersion:
    if (published.original_sha256, published.variant) == (sha256, variant):
        return published
    raise LabelAlreadyPublished(
        _("%(version)s is already published with a different text. Give the new document a new label."),
        version=published,
    )


def _save_draft(version: PolicyVersion, text: ImportedText) -> PolicyVersion:
    version.title, version.media_type = text.title, text.media_type
    version.html, version.digest = text.html, text.digest
    version.stated_updated_on, version.stated_effective_on = text.dates.updated_on, text.dates.effective_on
    version.save()
    # The proposal was made for another text.
    PublicationProposal.objects.filter(version=version).delete()
    version.clauses.all().delete()
    Clause.objects.bulk_create(
        Clause(
            version=version,
            position=position,
            anchor=clause.anchor,
            number=clause.number,
            heading=clause.heading,
            level=clause.level,
            text=clause.text,
            html=clause.html,
        )
        for position, clause in enumerate(text.clauses, start=1)
    )
    propose(version)
    return version


def _materiality(draft: PolicyVersion, decided: bool | None) -> bool:
    published = PolicyVersion.objects.filter(jurisdiction=draft.jurisdiction, published_at__isnull=False)
    if not published.exists():
        return True
    same_label = published.filter(label=draft.label).first()
    if decided is None and same_label:
        return bool(same_label.material)
    if decided is None:
        raise MaterialityUndecided(
            _("Choose whether %(version)s is a material change or an editorial one."), version=draft
        )
    return decided
