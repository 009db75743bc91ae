"""An erasure leaves no names: consents, a receipt, and a last notice without a subject."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from accounts.contact_points.services import add_contact_point, mark_verified
from privacy.consent.models import ConsentRecord
from privacy.encryption.models import DataKey
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureReceipt
from privacy.jurisdictions.site import link_to
from privacy.notices.models import Notice
from tests.chains import chain_errors
from tests.erasures import due
from tests.factories import agree, make_person, make_policy, make_user


def test_consent_records_stay_without_names():
    user = make_person()
    due(user)
    erase_due_accounts()
    assert ConsentRecord.objects.filter(subject_id=user.subject_id).count() == 1
    assert list(chain_errors(ConsentRecord)) == []


def test_the_receipt_counts_erased_items_by_data_store():
    user = make_person()
    version = ConsentRecord.objects.get(subject_id=user.subject_id).version
    case = due(user)
    erase_due_accounts()
    receipt = ErasureReceipt.objects.get(case=case)
    assert receipt.reference == case.reference
    assert receipt.counts["accounts.user"] == 1
    assert receipt.counts["accounts.contactpoint"] == 1
    assert receipt.counts["keys"] == DataKey.objects.filter(owner=user.subject_id).count()
    assert receipt.version == version
    assert {"holder": "privacy.consentrecord", "count": 1} in receipt.kept
    assert list(chain_errors(ErasureReceipt)) == []


def test_each_person_has_counts_of_their_own():
    one, two = make_person(), make_person()
    mark_verified(add_contact_point(subject=two.subject, field="email", value="two@example.com"))
    version = make_policy()
    agree(two.subject, version)
    cases = {user: due(user) for user in (one, two)}
    erase_due_accounts()
    receipts = {user: ErasureReceipt.objects.get(case=case) for user, case in cases.items()}
    assert [receipts[user].counts["accounts.contactpoint"] for user in (one, two)] == [1, 2]
    kept = [{thing["holder"]: thing["count"] for thing in receipts[user].kept} for user in (one, two)]
    assert [things["privacy.consentrecord"] for things in kept] == [1, 2]
    assert receipts[two].version == version
    assert receipts[one].version != version


def test_a_person_who_never_agreed_has_a_receipt_too():
    case = due(make_user())
    erase_due_accounts()
    receipt = ErasureReceipt.objects.get(case=case)
    assert receipt.version is None
    assert {"holder": "privacy.consentrecord", "count": 0} in receipt.kept


@pytest.mark.parametrize(
    "statement", ["UPDATE privacy_erasurereceipt SET reference = 'x'", "DELETE FROM privacy_erasurereceipt"]
)
def test_the_database_refuses_to_change_a_receipt(statement: str):
    due(make_person())
    erase_due_accounts()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_case_keeps_when_it_began_and_ended():
    user = make_person()
    case = due(user)
    erase_due_accounts()
    case.refresh_from_db()
    now = timezone.now()
    assert now - timedelta(minutes=1) < case.started_at <= case.erased_at < now
    user.subject.refresh_from_db()
    assert now - timedelta(minutes=1) < user.subject.erased_at < now
    receipt = ErasureReceipt.objects.get()
    assert (receipt.cancelled_at, receipt.due_at, receipt.erased_at) == (case.cancelled_at, case.due_at, case.erased_at)
    assert (receipt.counts, receipt.held) == (case.counts, [])


def test_the_last_notice_has_no_subject_and_a_key_of_its_own():
    user = make_person()
    case = due(user)
    erase_due_accounts()
    notice = Notice.objects.get(template="account_erased")
    assert notice.subject_id is None
    assert DataKey.objects.filter(owner=notice.pk, wrapped__isnull=False).exists()
    assert case.reference in notice.context


def test_the_last_notice_goes_to_every_contact_point_in_the_persons_language():
    user = make_person(phone="+381641112223")
    mark_verified(add_contact_point(subject=user.subject, field="email", value="maria@example.com"))
    with translation.override("zh-hans"):
        case = due(user)
    erase_due_accounts()
    notices = Notice.objects.filter(template="account_erased")
    assert {(notice.channel, notice.address, notice.language) for notice in notices} == {
        ("sms", "+381641112223", "zh-hans"),
        ("email", "maria@example.com", "zh-hans"),
    }
    for notice in notices:
        context = json.loads(notice.context)
        assert (context["reference"], context["receipt_url"]) == (
            case.reference,
            link_to("erasure_receipt", case.reference),
        )
