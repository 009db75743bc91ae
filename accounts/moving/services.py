"""Move an account to another jurisdiction that this portal stores, too: one transaction, new keys, no copy left."""

from dataclasses import dataclass

from django.db import transaction

from accounts.contact_points.services import verified_contacts
from accounts.moving.refusals import CannotMove, Why
from accounts.moving.resealing import hand_over_rows
from accounts.moving.told import tell_moved
from accounts.profiles.models import Correction, Profile
from accounts.profiles.queries import profile_of
from accounts.staff.moves import next_move_at
from accounts.users.epochs import begin_new_epoch
from privacy.consent.models import ConsentRecord
from privacy.consent.services import record_consent, require_shown_version
from privacy.encryption.keys import create_keys
from privacy.erasure.models import ErasureCase
from privacy.erasure.moving import close_moved
from privacy.erasure.queries import cancelled_among
from privacy.guardians.acting import follow_account, guardians_of
from privacy.holds.queries import holds_of
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.jurisdictions.countries import get_country
from privacy.jurisdictions.jurisdictions import Jurisdiction, jurisdiction_of_country
from privacy.restriction.queries import is_restricted
from privacy.subjects.locking import lock_subjects
from privacy.subjects.models import DataSubject


@dataclass(frozen=True)
class Agreed:
    """The policy of the other jurisdiction that the person agreed to: the digest and language of the shown text."""

    policy: str
    language: str


def move_account(*, subject: DataSubject, country: str, agreed: Agreed, channel: str) -> ErasureCase:
    """Move an account to a country of another jurisdiction that is stored here (4 of the sample policy).

    The person goes on under a new number and new keys. Their account, profile, contact points, devices, memberships and
    requests move with them; optional purposes are off. Evidence stays with the former number, and what else stayed is
    erased at once with its keys. All sessions end. Return the case of that erasure, whose receipt says "moved".

    Raises `CannotMove`, `NotStoredHere` before anything is stored, and `PolicyNotInForce`.
    """
    target = jurisdiction_of_country(country)
    version = require_shown_version(jurisdiction=target.code, language=agreed.language, digest=agreed.policy)
    refuse_move(subject, target)
    after = DataSubject(jurisdiction=target.code)
    # Before the data: keys without data are harmless.
    create_keys(after.pk, SEALED_CLASSES)
    with transaction.atomic():
        lock_subjects([subject.pk])
        refuse_move(subject, target)
        after.save(force_insert=True)
        hand_over_rows(before=subject.pk, after=after.pk)
        follow_account(before=subject.pk, after=after.pk)
        _set_country(after, country)
        begin_new_epoch([after.pk])
        case = close_moved(subject=subject, moved_to=target.code, continued_as=after.pk)
        tell_moved(after, case)
        record_consent(subject=after, version=version, purposes=(), act=ConsentRecord.Act.MOVED, channel=channel)
    return case


def refuse_move(subject: DataSubject, target: Jurisdiction) -> None:
    """Raise `CannotMove` where this person cannot move to a jurisdiction within this portal now."""
    if not target.is_stored_here:
        raise CannotMove(Why.ELSEWHERE)
    refuse_leaving(subject, target)
    if not any(target.accepts_contact(contact.kind) for contact in verified_contacts(subject.pk)):
        raise CannotMove(Why.CONTACT)
    if again_at := next_move_at(subject.pk):
        raise CannotMove(Why.RECENT, again_at=again_at)


def refuse_leaving(subject: DataSubject, target: Jurisdiction) -> None:
    """Raise `CannotMove` where this person cannot leave their jurisdiction for another one now."""
    if target.code == subject.jurisdiction:
        raise CannotMove(Why.SAME)
    if guardians_of(subject.pk):
        raise CannotMove(Why.CHILD)
    if is_restricted(subject.pk) or cancelled_among([subject.pk]).exists():
        raise CannotMove(Why.RESTRICTED)
    if holds_of([subject.pk]):
        raise CannotMove(Why.HELD)


def asks_age(before: str, after: str) -> bool:
    """Whether somebody who moves from one country to another is asked how old they are: more years are needed there.

    Their age is not stored: it was enough where they registered.
    """
    return get_country(after).age > get_country(before).age


def _set_country(subject: DataSubject, country: str) -> None:
    """Set the country of a profile; a registration number of another country is compared by staff again."""
    profile = profile_of(subject.pk)
    if profile is None:
        raise Profile.DoesNotExist
    profile.country = country
    profile.registration_number_needs_review = bool(profile.registration_number)
    profile.save(update_fields=["country", "registration_number_needs_review", "updated_at"])
    Correction.objects.create(subject_id=subject.pk, field="country", by=Correction.By.SELF)
