"""Make people as the portal itself makes them, through its services."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.profiles.services import new_profile
from accounts.staff.staff_accounts import vouch_for
from accounts.users.models import User
from accounts.users.services import create_staff, create_user
from privacy.access.two_people import PersonMarks
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import latest_consent
from privacy.consent.services import record_consent
from privacy.encryption.keys import create_keys
from privacy.erasure.models import ErasureCase
from privacy.inventory.retention_classes import SEALED_CLASSES
from privacy.management.commands.publish_sample_policies import SAMPLES
from privacy.policies.models import PolicyVersion
from privacy.policies.services import import_policy, publish_policy
from privacy.subjects.models import DataSubject

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery staple"
_numbers = count(1)
# Numbers that tests make up for staff are people of their own; accounts are known as the portal knows them.
STAFF_WITHOUT_ACCOUNT = PersonMarks(
    lambda number, _other: () if User.objects.filter(pk=number).exists() else [str(number)]
)


def make_subject(jurisdiction: str = "intl") -> DataSubject:
    """A nameless person with keys."""
    subject = DataSubject.objects.create(jurisdiction=jurisdiction)
    create_keys(subject.pk, SEALED_CLASSES)
    return subject


def make_user(*, username: str = "", jurisdiction: str = "intl", verified: bool = True) -> User:
    """A user with `PASSWORD`, without a profile."""
    user = create_user(
        subject=make_subject(jurisdiction),
        username=username or f"person{next(_numbers)}",
        password_hash=make_password(PASSWORD),
        submission=uuid4(),
    )
    if verified:
        user.verified_at = timezone.now()
        user.save(update_fields=["verified_at"])
    return user


def give_second_factor(user: User) -> User:
    """An authenticator app with `TOTP_SECRET`: staff have one, else the admin stays shut."""
    TOTP.activate(user, TOTP_SECRET)
    return user


def make_staff(
    *roles: str, username: str = "officer", jurisdiction: str = "intl", vouched: bool = True, second_factor: bool = True
) -> User:
    """A member of staff with a password of their own, known as a person; without a role, one with every right."""
    staff = create_staff(username=username, password=PASSWORD, jurisdiction=jurisdiction, roles=roles)
    staff.temporary_password_until = None
    staff.save(update_fields=["temporary_password_until"])
    if vouched:
        vouch_for(member=staff, by=None)
    return give_second_factor(staff) if second_factor else staff


def make_policy(
    jurisdiction: str = "intl", label: str = "", *, language: str = "en", text: str = "", material: bool = True
) -> PolicyVersion:
    """A published policy, in force from now."""
    label = label or f"v{next(_numbers)}"
    content = f"# Policy {label}\n\n1.1 We keep promises. {text}\n\n1.2 You can cancel.\n"
    draft = import_policy(
        content=content.encode(),
        file_name="policy.md",
        jurisdiction=jurisdiction,
        label=label,
        language=language,
        any_language=True,
    )
    return publish_policy(version=draft, material=material, effective_at=None)


def make_sample_policy(jurisdiction: str = "intl", language: str = "en", label: str = "") -> PolicyVersion:
    """The sample policy that ships, published under another label: its clauses state all that the portal names."""
    file = SAMPLES / f"{jurisdiction}.{language}.md"
    draft = import_policy(
        content=file.read_bytes(),
        file_name=file.name,
        jurisdiction=jurisdiction,
        label=label or f"v{next(_numbers)}",
        language=language,
    )
    return publish_policy(version=draft, material=True)


def agree(subject: DataSubject, version: PolicyVersion, *purposes: str) -> ConsentRecord:
    """The consent of a registration, or a later one."""
    latest = latest_consent(subject.pk)
    return record_consent(
        subject=subject,
        version=version,
        purposes=purposes,
        act="registered",
        channel="web",
        replaces=latest.version_id if latest else None,
    )


def make_person(*, jurisdiction: str = "intl", phone: str = "", version: PolicyVersion | None = None) -> User:
    """A registered, verified individual with a profile, a phone and a consent, by default to the newest version."""
    user = make_user(jurisdiction=jurisdiction)
    subject = user.subject
    new_profile(subject=subject, kind="individual", values={"name": "Maria Petrović", "country": "RS"}).save()
    contact = add_contact_point(subject=subject, field="phone", value=phone or f"+38164{next(_numbers):07}")
    mark_verified(contact)
    newest = PolicyVersion.objects.filter(jurisdiction=jurisdiction).first()
    agree(subject, version or newest or make_policy(jurisdiction))
    return user


def pass_time(case: ErasureCase, by: timedelta) -> None:
    """Let time pass for one erasure: the database's clock cannot be moved, its rows can."""
    times = ("cancelled_at", "due_at", "deadline_at", "next_attempt_at")
    ErasureCase.objects.filter(pk=case.pk).update(**{name: F(name) - by for name in times})
    case.refresh_from_db()
