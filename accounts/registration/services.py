"""Register a person: one service for page and REST, one transaction, one account however often the form is sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from accounts.profiles.services import create_profile
from accounts.sign_in.changes import DECLARED as CONTACT_FIELDS
from accounts.sign_in.contact_points import add_first_contact_points
from accounts.users.models import User
from accounts.users.services import UsernameTaken, create_user
from privacy.consent.services import Act, record_consent, require_shown_version
from privacy.database.compiled import CompiledQuery
from privacy.database.rows import insert_row
from privacy.encryption.keys import create_keys
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country, require_stored_here
from privacy.policies.models import PolicyVersion
from privacy.register.retention_classes import SEALED_CLASSES
from privacy.subjects.models import DataSubject


class SubmissionUsed(Exception):
    """This sending of the form made an account that is in use already: its owner signs in."""


@dataclass(frozen=True)
class Agreement:
    """What the person agreed to: the digest and language of the text that was shown, and the purposes switched on."""

    policy: str
    language: str
    purposes: Collection[str] = ()


def register(*, kind: str, values: Mapping[str, Any], agreement: Agreement, submission: UUID, channel: str) -> User:
    """Store a new person, not yet verified, with the consent that allows it.

    `values` holds checked, canonical values by the register's keys; `submission` names this sending of the form: the
    same one again returns the account it made, as long as that waits for its verification.
    Raises `NotStoredHere`, `PolicyNotInForce`, `UsernameTaken`, `SubmissionUsed`.
    """
    jurisdiction = jurisdiction_of_country(values["country"])
    require_stored_here(jurisdiction)
    if made := _made_by(submission, values["password"]):
        return made
    version = require_shown_version(
        jurisdiction=jurisdiction.code, language=agreement.language, digest=agreement.policy
    )
    password_hash = make_password(values["password"])
    subject = DataSubject(jurisdiction=jurisdiction.code)
    create_keys(subject.pk, SEALED_CLASSES)
    try:
        with transaction.atomic():
            insert_row(subject)
            user = create_user(
                subject=subject, username=values["username"], password_hash=password_hash, submission=submission
            )
            _store(subject, kind, values, agreement, version, channel)
    except (IntegrityError, UsernameTaken):
        # The same form arrived twice at once: the other request made the account.
        made = _made_by(submission, values["password"])
        if made is None:
            raise
        return made
    return user


def _made_by(submission: UUID, password: str) -> User | None:
    """Return the waiting account that this sending of the form made; whoever repeats it knows the password."""
    user = _of_submission.first(submission)
    if user and (user.is_verified or not user.check_password(password)):
        raise SubmissionUsed("This form made an account already.")
    return user


_of_submission = CompiledQuery(lambda submission: User.objects.filter(submission=submission), UUID)


def _store(
    subject: DataSubject,
    kind: str,
    values: Mapping[str, Any],
    agreement: Agreement,
    version: PolicyVersion,
    channel: str,
) -> None:
    create_profile(subject=subject, kind=kind, values=values)
    given = {field: values[field] for field in CONTACT_FIELDS if values.get(field)}
    add_first_contact_points(subject=subject, values=given)
    record_consent(subject=subject, version=version, purposes=agreement.purposes, act=Act.REGISTERED, channel=channel)
