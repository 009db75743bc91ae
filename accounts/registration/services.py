"""Register a person: one service for page and REST, one transaction, one account however often the form is sent."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Model

from accounts.contact_points.code_requests import FirstCode
from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import contact_points_of, new_contact_points
from accounts.profiles.queries import kind_of_profile
from accounts.profiles.services import new_profile
from accounts.sign_in.changes import DECLARED as CONTACT_FIELDS
from accounts.sign_in.verification import replace_waiting_contacts
from accounts.users.models import User
from accounts.users.services import UsernameTaken, is_username_free, new_user, release_username
from privacy.consent.services import Act, record_consent, require_shown_version
from privacy.database.compiled import CompiledQuery
from privacy.encryption.keys import create_keys_for
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country, require_stored_here
from privacy.notices.ready import ReadyNotice
from privacy.subjects.models import DataSubject

OF_ANOTHER_JURISDICTION = "This form made an account of another jurisdiction."


class SubmissionUsed(Exception):
    """This sending of the form made an account that is in use, or another kind of account: its owner signs in."""


@dataclass(frozen=True)
class Agreement:
    """What the person agreed to: the digest and language of the text that was shown, and the purposes switched on."""

    policy: str
    language: str
    purposes: Collection[str] = ()


def register(
    *,
    kind: str,
    values: Mapping[str, Any],
    agreement: Agreement,
    submission: UUID | None,
    channel: str,
    first_code: FirstCode | None = None,
) -> User:
    """Store a new person, not yet verified, with the consent that allows it.

    `values` holds checked, canonical values by the register's keys; `submission` names this sending of the form: the
    same one again returns the account it made, as long as that waits for its verification, with the contact points that
    it names now: a person who goes back to correct a mistyped number sends the same form. Without one, every call
    makes another account. `first_code` is stored with the person, unless this sending of the form made the account
    earlier. Raises `NotStoredHere`, `PolicyNotInForce`, `UsernameTaken`, `SubmissionUsed`, `RateLimited` for the code
    and for corrections, and `BeginAgain` where the account that was made is over.
    """
    jurisdiction = jurisdiction_of_country(values["country"])
    require_stored_here(jurisdiction)
    code = jurisdiction.code
    made = _made_by(submission, kind, values["password"])
    if made and made.subject.jurisdiction == code:
        return _corrected(made, values, first_code)
    version = require_shown_version(jurisdiction=code, language=agreement.language, digest=agreement.policy)
    if made:
        raise SubmissionUsed(OF_ANOTHER_JURISDICTION)
    user = _new_user(code, values, submission)
    told = _told(user.subject, kind, values)
    consent = {"version": version, "purposes": agreement.purposes, "channel": channel}
    store = _ready_to_store(user, told, first_code, consent)
    try:
        with transaction.atomic():
            store()
    except IntegrityError:
        # The same form arrived twice at once, and the other request made the account; or the username is taken.
        if made := _made_by(submission, kind, values["password"]):
            return _corrected(made, values, first_code)
        _store_under_released_username(values["username"], store)
    return user


def _ready_to_store(
    user: User, told: list[Model], first_code: FirstCode | None, consent: Mapping[str, Any]
) -> Callable[[], None]:
    """Make the keys of a new person and of the message, and return what stores all by one statement.

    Raises `RateLimited` for the code.
    """
    contacts = [row for row in told if isinstance(row, ContactPoint)]
    ready = first_code.ready(contacts, epoch=user.epoch) if first_code else None
    code, notice = ready or (None, None)
    create_keys_for({user.subject_id: SEALED_CLASSES, **(notice.keys if notice else {})})
    rows = [user.subject, user, *told, *([code] if code else []), *(notice.rows if notice else [])]
    return partial(_store, notice, subject=user.subject, act=Act.REGISTERED, allows=rows, **consent)


def _store(notice: ReadyNotice | None, **consent: Any) -> None:
    record_consent(**consent)
    if notice:
        notice.wake_worker()


def _made_by(submission: UUID | None, kind: str, password: str) -> User | None:
    """Return the waiting account that this sending of the form made; a person who repeats it knows the password."""
    user = _of_submission.first(submission) if submission else None
    if user is None:
        return None
    if user.is_verified or kind_of_profile(user.subject_id) != kind or not user.check_password(password):
        raise SubmissionUsed("This form made an account already.")
    return user


def _corrected(user: User, values: Mapping[str, Any], first_code: FirstCode | None) -> User:
    """Return the account, once it has the contact points that this sending of the form names.

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


_of_submission = CompiledQuery(lambda submission: User.objects.filter(submission=submission), UUID)


def _new_user(jurisdiction: str, values: Mapping[str, Any], submission: UUID | None) -> User:
    return new_user(
        subject=DataSubject(jurisdiction=jurisdiction),
        username=values["username"],
        password_hash=make_password(values["password"]),
        submission=submission or uuid4(),
    )


def _told(subject: DataSubject, kind: str, values: Mapping[str, Any]) -> list[Model]:
    """Return the new rows of what a person told."""
    given = {field: values[field] for field in CONTACT_FIELDS if values.get(field)}
    profile = new_profile(subject=subject, kind=kind, values=values)
    return [profile, *new_contact_points(subject=subject, values=given)]


def _store_under_released_username(username: str, store: Callable[[], object]) -> None:
    """Store once more, with the username that a registration never verified has to give up."""
    try:
        with transaction.atomic():
            release_username(username)
            store()
    except IntegrityError:
        if is_username_free(username):
            raise
        raise UsernameTaken("This username is in use.") from None
