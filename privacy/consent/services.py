"""Record consent: given, accepted again, widened, withdrawn."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from privacy.consent.models import ConsentRecord
from privacy.consent.queries import latest_consent, unanswered_changes
from privacy.consent.tallies import changed_by
from privacy.inventory.purposes import UnknownPurpose, optional_purposes
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import version_to_show
from privacy.subjects.models import DataSubject


class PolicyNotInForce(Exception):
    """The shown text is not the one in force; `current` is. Show it with its changes, and ask again."""

    def __init__(self, current: PolicyVersion) -> None:
        super().__init__(f"Version {current.label} is in force.")
        self.current = current


class NoConsent(LookupError):
    """The person never agreed to anything, so nothing can be changed."""


class SubjectErased(Exception):
    """The person was erased: a late write is refused."""


def require_shown_version(*, jurisdiction: str, language: str, digest: str) -> PolicyVersion:
    """Return the version in force whose text was shown, or raise `PolicyNotInForce`.

    `language` is that of the shown text; a text of the same version in another language is accepted, too.
    """
    current = version_to_show(jurisdiction, language)
    if current.digest != digest:
        raise PolicyNotInForce(current)
    return current


def record_consent(
    *,
    subject: DataSubject,
    version: PolicyVersion,
    purposes: Collection[str],
    act: str,
    channel: str,
    replaces: UUID | None = None,
    on_before: Collection[str] = (),
) -> ConsentRecord:
    """Append one act of consent, and count it.

    `replaces` is the id of the version that the person agreed to before; None for a new person. A purpose that is not
    asked for (any more) stays on only if it was `on_before`. Raises `UnknownPurpose`, `SubjectErased`.
    """
    if subject.erased_at is not None:
        raise SubjectErased("This person was erased.")
    asked = {purpose.key for purpose in optional_purposes()}
    if refused := set(purposes) - asked - set(on_before):
        raise UnknownPurpose(f"Unknown optional purposes: {', '.join(sorted(refused))}.")
    record = ConsentRecord(
        subject=subject,
        version=version,
        digest=version.digest,
        language=version.language,
        purposes=sorted(set(purposes)),
        act=act,
        channel=channel,
        at=timezone.now(),
    )
    with transaction.atomic(savepoint=False):
        for change in changed_by(before=replaces, after=version.pk):
            change.save(force_insert=True)
        return ConsentRecord.append(record)


def switch_purpose(*, subject: DataSubject, key: str, on: bool, channel: str) -> ConsentRecord:
    """Switch one optional purpose on or off, under the version that the person accepted.

    If it is in that state already, nothing is appended. Raises `NoConsent`, `UnknownPurpose`, and `PolicyNotInForce` if
    the person is to be asked again first.
    """
    with transaction.atomic():
        DataSubject.objects.select_for_update(no_key=True).get(pk=subject.pk)
        latest = _latest_or_refuse(subject.pk)
        if (key in latest.purposes) == on:
            return latest
        if on and unanswered_changes(subject.pk).exists():
            raise PolicyNotInForce(version_to_show(subject.jurisdiction, latest.language))
        purposes = {*latest.purposes, key} if on else set(latest.purposes) - {key}
        act = ConsentRecord.Act.GRANTED if on else ConsentRecord.Act.WITHDREW
        return record_consent(
            subject=subject,
            version=latest.version,
            purposes=purposes,
            act=act,
            channel=channel,
            replaces=latest.version_id,
            on_before=latest.purposes,
        )


def accept_version(
    *, subject: DataSubject, digest: str, language: str, channel: str, purposes: Collection[str]
) -> ConsentRecord:
    """Accept the version in force, whose text was shown. Optional purposes that are not in `purposes` are off.

    Raises `PolicyNotInForce` if another version came into force meanwhile, `NoConsent`, `UnknownPurpose`.
    """
    with transaction.atomic():
        DataSubject.objects.select_for_update(no_key=True).get(pk=subject.pk)
        latest = _latest_or_refuse(subject.pk)
        version = require_shown_version(jurisdiction=subject.jurisdiction, language=language, digest=digest)
        is_same = latest.version_id == version.pk and set(latest.purposes) == set(purposes)
        if is_same and latest.act != ConsentRecord.Act.ASKED_AGAIN:
            return latest
        return record_consent(
            subject=subject,
            version=version,
            purposes=purposes,
            act=ConsentRecord.Act.ACCEPTED,
            channel=channel,
            replaces=latest.version_id,
        )


def _latest_or_refuse(subject_id: UUID) -> ConsentRecord:
    latest = latest_consent(subject_id)
    if latest is None:
        raise NoConsent("This person never agreed to a policy.")
    return latest
