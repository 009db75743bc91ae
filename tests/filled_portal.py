"""A portal in which everything happened that the admin shows."""

import datetime as dt

from django.conf import settings
from django.utils import timezone

from accounts.staff.services import open_person
from accounts.staff.sign_in_resets import propose_reset
from accounts.staff.staff_accounts import propose_staff_change
from accounts.users.models import User
from privacy.access.services import record_export
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.holds.models import LegalHold
from privacy.holds.services import approve_hold, ask_for_hold, ask_for_release, release_hold
from privacy.policies.citations import confirm_citations
from privacy.policies.services import import_policy, propose_publication
from privacy.recipients.models import Delivery
from privacy.recipients.services import register_recipient
from privacy.retention.models import MonthlyCount, Purge
from tests.erasures import erase
from tests.factories import make_person, make_policy, make_staff, pass_time
from tests.filled_requests import requests_happened
from tests.licences import licence_row


def fill_portal(*, language: str = "en") -> User:
    """Let everything happen; return a person with proposals, whose page has all its parts."""
    make_policy("intl", "一", language=language)
    make_policy("cn", "二", language=language)
    first, second = make_staff(username="yihao"), make_staff(username="erhao")
    officer = make_staff("Privacy officer", "Auditor", username="sanhao")
    person = everything_happened(first, second, officer)
    draft = import_policy(
        content="# 隐私政策\n\n1.1 我们守诺。\n".encode(),
        file_name="zhengce.md",
        jurisdiction="intl",
        label="三",
        language="zh-hans",
    )
    confirm_citations(version=draft, cited={}, by=second.pk)
    propose_publication(version=draft, by=second.pk, material=True, effective_at=None)
    return person


def everything_happened(first: User, second: User, officer: User) -> User:
    """Let every kind of record and each of its states come about; return a person with open proposals."""
    register_recipient(name="ceshi", url="https://ceshi.example/", classes=["account", "contact"])
    held, cancelled, failing, late = (make_person() for _ in range(4))
    asked = (("1.7.3", first), ("1.7.1", first), ("1.7.11", second), ("1.7.2", officer))
    holds = [hold_asked_for(held, exception, by) for exception, by in asked]
    for hold in holds[:2]:
        approve_hold(hold=hold, by=second.pk)
        ask_for_release(hold=hold, by=first.pk)
    release_hold(hold=holds[1], by=second.pk)
    erase(held)
    erase(make_person())
    cancel_account(subject=cancelled.subject)
    for person in (failing, late):
        case = cancel_account(subject=person.subject)
        pass_time(case, settings.COOLING_OFF + settings.ERASE_WITHIN)
    ErasureCase.objects.filter(subject=failing.subject).update(attempts=2, last_failure="erase_rows: OperationalError")
    person = make_person(phone="+4915123456789")
    hold_asked_for(person, "1.7.3", first)
    open_person(staff=officer, user=person, reason="request", reference="T-1")
    propose_reset(staff=officer, user=person, act="phone", proof="contact", phone="+4915123450001")
    propose_staff_change(member=officer, act="remove_role", role="Auditor", by=first)
    MonthlyCount.objects.create(
        month=dt.date(2026, 1, 1), jurisdiction="intl", kind="individual", country="RS", registered=12
    )
    Purge.objects.create(record="accounts.securityevent", last_count=7, total=42)
    Delivery.objects.update(state="failed", last_error="")
    record_export(staff=officer.pk, role="Auditor", listed="privacy.legalhold", filters={"state": "asked"}, rows=4)
    requests_happened(person, officer)
    licence_row(person.subject, "returned", code="unreadable", words="看不清印章。", decided_by=officer.pk)
    licence_row(person.subject, "in_review")
    return person


def hold_asked_for(person: User, exception: str, by: User) -> LegalHold:
    """Return a legal hold on a person's contact points for ten days that waits for its approval."""
    return ask_for_hold(
        subject=person.subject,
        exception=exception,
        legal_basis="Order 12/2026",
        classes=["contact"],
        until=timezone.now() + dt.timedelta(days=10),
        by=by.pk,
    )
