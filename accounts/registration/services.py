"""Register a person, for page and REST: one transaction, and one account for a form that is sent several times."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts.contact_points.code_requests import FirstCode
from accounts.contact_points.models import Code, ContactPoint
from accounts.contact_points.services import contact_points_of, new_contact_points
from accounts.profiles.models import Profile
from accounts.profiles.queries import kind_of_profile
from accounts.profiles.services import correct_profile, new_profile
from accounts.sign_in.changes import DECLARED as CONTACT_FIELDS
from accounts.sign_in.verification import replace_waiting_contacts
from accounts.users.models import User
from accounts.users.services import UsernameTaken, is_username_free, new_user, release_username, user_of_name
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import purposes_in_force
from privacy.consent.services import record_consent, require_shown_version, switch_purpose
from privacy.encryption.keys import create_keys_for
from privacy.guardians.acting import start_guardianship
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country, require_stored_here
from privacy.notices.preparing import PreparedNotice
from privacy.policies.models import PolicyVersion
from privacy.subjects.models import DataSubject

# Others who register with the same username at the same moment may take it after each release.
MOST_RELEASES = 5
OF_ANOTHER_JURISDICTION = "This form made an account of another jurisdiction."


class SubmissionUsed(Exception):
    """This sending of the form made an account that is verified, or of another kind: its owner signs in."""


@dataclass(frozen=True)
class Agreement:
    """The digest and language of the shown text, and the optional purposes that are turned on."""

    policy: str
    language: str
    purposes: Collection[str] = ()


@dataclass(frozen=True)
class _NewPerson:
    """The rows of a new person, and the code with its message; nothing is stored yet."""

    user: User
    profile: Profile
    contacts: list[ContactPoint]
    first_code: tuple[Code, PreparedNotice] | None

    def create_keys(self) -> None:
        """Make the keys of the person and of the message, in the keys database, before the data is stored."""
        of_message = self.first_code[1].keys if self.first_code else {}
        create_keys_for({self.user.subject_id: SEALED_CLASSES, **of_message})


@dataclass(frozen=True)
class _Consent:
    """The consent that a new person is stored with."""

    version: PolicyVersion
    purposes: Collection[str]
    channel: str
    child: UUID | None = None


def register_person(
    *,
    kind: str,
    values: Mapping[str, Any],
    agreement: Agreement,
    submission: UUID | None,
    channel: str,
    first_code: FirstCode | None = None,
    child: UUID | None = None,
) -> User:
    """Store a new person, not yet verified, with the consent that allows it.

    `values` holds checked, canonical values by the inventory's keys. `submission` identifies the form: the same one
    again returns the account it made, while that is not verified, with the contact points that it has now (a person
    may go back to correct a mistyped number), and without the optional purposes that it no longer ticks. Without one,
    every call makes another account. `child` is the number of a child whose guardian agreed.
    `first_code` is stored with the person, unless the account exists already.
    Raises `NotStoredHere`, `PolicyNotInForce`, `UsernameTaken`, `SubmissionUsed`, `RateLimited` for the code and for
    corrections, `ChildGone`, and `BeginAgain` where the account is erased or cancelled.
    """
    jurisdiction = jurisdiction_of_country(values["country"])
    require_stored_here(jurisdiction)
    made = _made_by(submission, kind, values["password"])
    if made and made.subject.jurisdiction == jurisdiction.code:
        return _sent_again(made, values, agreement.purposes, channel, first_code)
    version = require_shown_version(
        jurisdiction=jurisdiction.code, language=agreement.language, digest=agreement.policy
    )
    if made:
        raise SubmissionUsed(OF_ANOTHER_JURISDICTION)
    person = _new_person(jurisdiction.code, kind, values, submission, first_code)
    person.create_keys()
    made = _stored_or_made(person, _Consent(version, agreement.purposes, channel, child), submission, kind, values)
    return _sent_again(made, values, agreement.purposes, channel, first_code) if made else person.user


def _stored_or_made(
    person: _NewPerson, consent: _Consent, submission: UUID | None, kind: str, values: Mapping[str, Any]
) -> User | None:
    """Store a person, and return None; or return the account that another request with the same form made meanwhile.

    A username that an unverified registration holds is released. Raises `UsernameTaken`, and `IntegrityError` where
    another rule of the database is broken.
    """
    for releases in range(MOST_RELEASES + 1):
        try:
            _store(person, consent, releases_username=releases > 0)
        except IntegrityError as error:
            if made := _made_by(submission, kind, values["password"]):
                return made
            failed = error
            if not is_username_free(values["username"]):
                break
        else:
            return None
    raise UsernameTaken("This username is in use.") if user_of_name(values["username"]) else failed


def _new_person(
    jurisdiction: str, kind: str, values: Mapping[str, Any], submission: UUID | None, first_code: FirstCode | None
) -> _NewPerson:
    """Return the rows of a new person. Raises `RateLimited` for the code."""
    subject = DataSubject(jurisdiction=jurisdiction)
    user = new_user(
        subject=subject,
        username=values["username"],
        password_hash=make_password(values["password"]),
        submission=submission or uuid4(),
    )
    given = {field: values[field] for field in CONTACT_FIELDS if values.get(field)}
    contacts = new_contact_points(subject=subject, values=given)
    return _NewPerson(
        user=user,
        profile=new_profile(subject=subject, kind=kind, values=values),
        contacts=contacts,
        first_code=first_code.ready(contacts, epoch=user.epoch) if first_code else None,
    )


@transaction.atomic
def _store(person: _NewPerson, consent: _Consent, *, releases_username: bool) -> None:
    """Store a person with the consent in one transaction. The consent comes last: it locks the end of its chain."""
    user = person.user
    if releases_username:
        release_username(user.username)
    user.subject.save(force_insert=True)
    user.save(force_insert=True)
    person.profile.save(force_insert=True)
    for contact in person.contacts:
        contact.save(force_insert=True)
    if person.first_code:
        code, notice = person.first_code
        code.save(force_insert=True)
        notice.store()
    record_consent(
        subject=user.subject,
        version=consent.version,
        purposes=consent.purposes,
        act=ConsentRecord.Act.REGISTERED,
        channel=consent.channel,
    )
    if consent.child:
        start_guardianship(child_id=consent.child, subject=user.subject)


def _made_by(submission: UUID | None, kind: str, password: str) -> User | None:
    """Return the unverified account that this form made. The password must match: only its owner repeats the form."""
    user = User.objects.filter(submission=submission).first() if submission else None
    if user is None:
        return None
    if user.is_verified or kind_of_profile(user.subject_id) != kind or not user.check_password(password):
        raise SubmissionUsed("This form made an account already.")
    return user


def _sent_again(
    user: User, values: Mapping[str, Any], purposes: Collection[str], channel: str, first_code: FirstCode | None
) -> User:
    """Return the account that this form made, corrected: what was unticked on the way back is turned off.

    Raises `UsernameTaken`.
    """
    corrected = _corrected(user, values, first_code)
    correct_profile(subject=user.subject, values=values)
    for key in set(purposes_in_force(user.subject_id)) - set(purposes):
        switch_purpose(subject=user.subject, key=key, on=False, channel=channel)
    return corrected


def _corrected(user: User, values: Mapping[str, Any], first_code: FirstCode | None) -> User:
    """Replace the contact points of the account by those of the form; return the account.

    Raises `SubmissionUsed` where the form names a country of another jurisdiction.
    """
    if user.subject.jurisdiction != jurisdiction_of_country(values["country"]).code:
        raise SubmissionUsed(OF_ANOTHER_JURISDICTION)
    waiting = {contact.field: contact.value for contact in contact_points_of(user.subject_id)}
    other = {
        field: values[field] for field in CONTACT_FIELDS if values.get(field) not in ("", None, waiting.get(field))
    }
    left_out = [field for field in waiting if field in CONTACT_FIELDS and not values.get(field)]
    if other or left_out:
        network = first_code.network if first_code else ""
        replaced = replace_waiting_contacts(user=user, values=other, left_out=left_out, network=network)
        if first_code:
            first_code.counted = replaced
    return user
