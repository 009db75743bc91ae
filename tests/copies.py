"""A person of whom the portal holds a record of every kind, and a copy of their data as the portal makes it."""

import json
from datetime import date, timedelta
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.db.models import F
from django.utils import timezone

from accounts.enterprises.models import Invitation, Membership
from accounts.inactive.models import InactivityWarning
from accounts.profiles.models import Correction, Profile
from accounts.security_events.models import SecurityChange, SecurityEvent
from accounts.security_events.services import record_event
from accounts.sessions.models import KnownDevice
from accounts.staff.models import SignInReset, StaffProposal, StaffVouch
from accounts.staff.roles import make_groups
from accounts.tries.models import ConsecutiveFailures, FailedSignIn
from accounts.users.models import User
from privacy.access.services import record_access
from privacy.consent.services import switch_purpose
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.export.models import DataCopy
from privacy.export.services import make_copy, request_copy
from privacy.guardians.acting import end_guardianship
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord
from privacy.holds.models import LegalHold
from privacy.notices.services import send_notice
from privacy.recipients.models import Delivery, Recipient
from privacy.restriction.services import lift_restriction, restrict_processing
from privacy.rights.choices import Channel, Contact, ExtensionReason, Proof, Right
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RequestMessage
from privacy.rights.services import Asked, Asker, file_request
from privacy.subjects.models import DataSubject
from tests.factories import give_second_factor, make_person, make_subject
from tests.licences import licence_row
from tests.sign_in_clients import client_of

FIREFOX = "Firefox on Linux"


def ready_copy(subject: DataSubject) -> DataCopy:
    """A copy that a worker made."""
    copy = request_copy(subject=subject)
    assert make_copy(copy.pk)
    copy.refresh_from_db()
    return copy


def document_of(subject: DataSubject) -> dict[str, Any]:
    """What a copy holds, as its JSON file has it."""
    document: dict[str, Any] = json.loads(str(ready_copy(subject).document))
    return document


def make_full_person() -> User:
    """Somebody of whom there is a record of every kind that a copy holds; of some, a newer after an older one."""
    person = make_person()
    _cancel_and_stay(person.subject)
    _tell(person)
    _use(person)
    _work(person)
    _ask(person.subject)
    _guard(person.subject)
    words = "The name is another one."
    licence_row(person.subject, "returned", code="differs", field="enterprise_name", words=words)
    _join(person.subject)
    return person


def _cancel_and_stay(subject: DataSubject) -> None:
    undo_cancellation(case=cancel_account(subject=subject))


def _tell(person: User) -> None:
    subject = person.subject
    for key, on in (("product_news", True), ("user_experience", True), ("product_news", False)):
        switch_purpose(subject=subject, key=key, on=on, channel="web")
    profile = Profile.objects.get(subject=subject)
    profile.time_zone, profile.company_name = "Asia/Shanghai", "Quill & <Söhne>"
    profile.save()
    older = Correction.objects.create(subject=subject, field="name", by="self")
    Correction.objects.filter(pk=older.pk).update(at=F("at") - timedelta(days=3))
    Correction.objects.create(subject=subject, field="company_name", by="staff")


def _use(person: User) -> None:
    subject, now = person.subject, timezone.now()
    client_of(person)
    give_second_factor(person)
    client_of(person)
    for kind in (SecurityEvent.Kind.SIGN_IN_FAILED, SecurityEvent.Kind.SIGNED_IN):
        record_event(subject.pk, kind)
    FailedSignIn.objects.create(subject=subject, at=now, device=FIREFOX)
    ConsecutiveFailures.objects.create(subject=subject, authenticator="password", count=3, last_at=now)
    KnownDevice.objects.create(
        subject=subject, hash=token_bytes(32), device=FIREFOX, created_at=now - timedelta(days=9), last_used_at=now
    )
    SecurityChange.objects.create(
        subject=subject, kind=SecurityEvent.Kind.USERNAME_CHANGED, at=now, device=FIREFOX, hash=token_bytes(32),
        undo_until=now + timedelta(hours=72), former_username="maria_before",
    )  # fmt: skip
    InactivityWarning.objects.create(subject=subject, days=60, sent_at=now, ends_at=now + timedelta(days=60))
    send_notice(
        subject=subject, channel="sms", address="+4915112345678", template="copy_ready", language="en", context={}
    )
    for back, phone in ((3, None), (0, "+4915112345679")):
        SignInReset.objects.create(
            subject=subject, act="phone", proof="contact", reference="TICKET-8", new_phone=phone, proposed_by=uuid4(),
            proposed_at=now - timedelta(days=back), state="proposed" if phone else "refused", decided_by=uuid4(),
            decided_at=now,
        )  # fmt: skip
    record_access(subject=subject, staff=uuid4(), role="Support", act="opened", reason="support", reference="TICKET-7")
    LegalHold.objects.create(
        subject=subject, exception="1.7.11", legal_basis="HGB § 257", classes=["contact", "security"],
        until=now + timedelta(days=90), state="approved", asked_by=uuid4(), asked_at=now,
        decided_by=uuid4(), decided_at=now,
    )  # fmt: skip
    recipient = Recipient.objects.create(
        name="Device platform", url="https://platform.example/hook", classes=["account", "contact"], secret=b"sealed"
    )
    Delivery.objects.create(
        recipient=recipient, subject=subject, event="subject.corrected", classes=["account"], fields=["company_name"],
        occurred_at=now, deadline_at=now + timedelta(days=5), give_up_at=now + timedelta(days=5),
        state="acknowledged", acknowledged_at=now,
    )  # fmt: skip


def _ask(subject: DataSubject) -> None:
    asker = Asker("DE", "en", Contact.EMAIL, "maria@example.com")
    request = file_request(
        items=[Asked(Right.QUESTION, "Who received my data?")], asker=asker, channel=Channel.PAGE, subject=subject,
        proof=Proof.SIGN_IN,
    ).request  # fmt: skip
    restrict_processing(subject=subject, why="request")
    lift_restriction(subject=subject, why="request", by="self")
    shared = {"request": request, "text": "We look it up."}
    RequestMessage.objects.create(
        kind=RequestMessage.Kind.ANSWER, language="en", written_by=uuid4(), role="Support",
        at=request.received_at, **shared,
    )  # fmt: skip
    Extension.objects.create(
        reason=ExtensionReason.RECIPIENTS, due_at=request.due_at + timedelta(days=45), decided_by=uuid4(),
        decided_role="Support", decided_at=request.received_at, **shared,
    )  # fmt: skip


def _work(person: User) -> None:
    """Works for the operator besides."""
    make_groups(Group, Permission)
    person.groups.add(Group.objects.get(name="Support"))
    person.user_permissions.add(Permission.objects.get(codename="find_person"))
    StaffVouch.objects.create(member=person)
    StaffProposal.objects.create(member=person, act="remove_role", role="Support", proposed_by=uuid4())
    LogEntry.objects.create(
        user=person, object_id=str(uuid4()), object_repr="x", action_flag=CHANGE, change_message="[]"
    )


def _guard(subject: DataSubject) -> None:
    """Was registered as a child, and came of age."""
    guardianship = make_guardianship(subject, ended_at=None, ended_as="")
    end_guardianship(guardianship=guardianship, end="of_age", act=GuardianRecord.Act.CAME_OF_AGE)
    Guardianship.objects.filter(pk=guardianship.pk).update(confirmed_at=timezone.now())


def make_guardianship(subject: DataSubject, **more: Any) -> Guardianship:
    """A guardianship of a person who came of age today, which `more` changes, with its evidence."""
    known = {
        "child": uuid4(), "channel": "email", "language": "en", "reached_on": date(2025, 6, 30),
        "ended_at": timezone.now(), "ended_as": "of_age",
    } | more  # fmt: skip
    # Of a guardian whose rights ended, the address is not kept.
    address = None if known["ended_at"] else "guardian@example.com"
    guardianship = Guardianship(subject=subject, **{"address": address, "address_index": address} | known)
    guardianship.save(force_insert=True)
    GuardianRecord.append(
        GuardianRecord(
            child=guardianship.child, subject=subject, act="registered", country="DE", age=16, shown="0" * 64,
            language="en", policy="0" * 64, proof=["link", "document"], at=timezone.now(),
        )
    )  # fmt: skip
    return guardianship


def _join(subject: DataSubject) -> None:
    """Was a member of an enterprise, and, as an enterprise, invited somebody."""
    now = timezone.now()
    Membership.objects.create(
        subject=subject, enterprise=make_subject(), role="owner", invited_at_address="m•••@example.com", ended_at=now,
        offered_at=now,
    )  # fmt: skip
    Invitation.objects.create(
        enterprise=subject, role="member", token_hash=token_bytes(32), expires_at=now, used_at=now, declined_at=now,
        revoked_at=now,
    )  # fmt: skip
