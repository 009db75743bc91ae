"""Makes many verified people for load generators, with sealed data, consent and a session, in few queries."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.profiles.models import Profile
from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.consent.models import ConsentRecord, ConsentTally
from privacy.encryption.keys import create_keys_of
from privacy.inventory.declarations import Kind
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.jurisdictions.jurisdictions import EVERYWHERE_ELSE, get_jurisdiction
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import version_to_show
from privacy.subjects.models import DataSubject
from tools.load_test.sessions import prepared_session

# Not more than the cache of opened keys holds: each key is used soon after it is made.
BATCH = 1000
SERIAL_NUMBERS = 10**9


@dataclass(frozen=True)
class LoadTestPerson:
    """How a load-test person signs in, and the bearer token of an open session."""

    username: str
    password: str
    token: str


@dataclass(frozen=True)
class _Batch:
    """The data that people of one run share: one password with one hash, and a country's policy."""

    password: str
    password_hash: str
    version: PolicyVersion
    country: str
    first_number: int

    def phone(self, index: int) -> str:
        """Return a phone number that is unique in this run."""
        start = "+8613" if self.country == "CN" else "+4915"
        return f"{start}{(self.first_number + index) % SERIAL_NUMBERS:09}"


def create_people(count: int) -> Iterator[LoadTestPerson]:
    """Store `count` verified individuals with profile, phone, consent and an open session; yield how each signs in.

    They belong to the first of `JURISDICTIONS`. Raises `NoPolicyInForce`.
    """
    jurisdiction = get_jurisdiction(settings.JURISDICTIONS[0])
    country = next((country for country in jurisdiction.countries if country != EVERYWHERE_ELSE), "DE")
    password = secrets.token_urlsafe(18)
    run = _Batch(
        password=password,
        password_hash=make_password(password),
        version=version_to_show(jurisdiction.code, "en"),
        country=country,
        first_number=secrets.randbelow(SERIAL_NUMBERS),
    )
    for first in range(0, count, BATCH):
        yield from _store(run, range(first, min(first + BATCH, count)))


def _store(run: _Batch, numbers: range) -> list[LoadTestPerson]:
    with transaction.atomic(), transaction.atomic(using="keys"):
        subjects = DataSubject.objects.bulk_create(DataSubject(jurisdiction=run.version.jurisdiction) for _ in numbers)
        create_keys_of([subject.pk for subject in subjects], SEALED_CLASSES)
        users = User.objects.bulk_create(_user(run, subject) for subject in subjects)
        Profile.objects.bulk_create(_profile(run, subject) for subject in subjects)
        ContactPoint.objects.bulk_create(
            _contact(run, subject, number) for subject, number in zip(subjects, numbers, strict=True)
        )
        rows, tokens = zip(*(prepared_session(user) for user in users), strict=True)
        Session.objects.bulk_create(rows)
        ConsentRecord.append_all([_consent(run, subject) for subject in subjects])
        ConsentTally.objects.create(version=run.version, change=len(subjects))
    return [LoadTestPerson(user.username, run.password, token) for user, token in zip(users, tokens, strict=True)]


def _user(run: _Batch, subject: DataSubject) -> User:
    name = f"load-{secrets.token_hex(8)}"
    return User(
        subject=subject,
        username=name,
        username_index=name,
        password=run.password_hash,
        submission=uuid4(),
        verified_at=timezone.now(),
    )


def _profile(run: _Batch, subject: DataSubject) -> Profile:
    return Profile(subject=subject, kind=Kind.INDIVIDUAL, name="Maria Petrović", country=run.country)


def _contact(run: _Batch, subject: DataSubject, number: int) -> ContactPoint:
    phone = run.phone(number)
    return ContactPoint(
        subject=subject,
        field="phone",
        kind=ContactPoint.Kind.PHONE,
        value=phone,
        index=phone,
        verified_at=timezone.now(),
    )


def _consent(run: _Batch, subject: DataSubject) -> ConsentRecord:
    return ConsentRecord(
        subject=subject,
        version=run.version,
        digest=run.version.digest,
        language=run.version.language,
        act=ConsentRecord.Act.REGISTERED,
        channel=ConsentRecord.Channel.REST,
        at=timezone.now(),
    )
