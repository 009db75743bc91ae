"""The receipt lists each recipient, what it was notified of, and when it acknowledged: on the page and over REST."""

from privacy.erasure.models import ErasureReceipt
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.recipients.models import Delivery
from privacy.recipients.services import register_recipient, send_due_deliveries, settle_delivery
from tests.chains import chain_errors
from tests.erasures import erase
from tests.factories import make_person
from tests.privacy.recipients.moments import rows


def test_the_page_lists_each_with_its_time(client, platform):
    register_recipient(name="Repair shops", url="https://unknown.invalid/", classes=["contact"])
    case = erase(make_person())
    send_due_deliveries()
    page = client.get(f"/receipts/{case.reference}/").content.decode()
    assert "Who else holds your data" in page
    assert "Devices" in page
    assert "Repair shops" in page
    acknowledged = rows(event="subject.erased", recipient=platform.recipient)[0].acknowledged_at
    assert acknowledged.isoformat(timespec="seconds")[:16] in page
    assert page.count("Outstanding; to be acknowledged by") == 2


def test_rest_lists_the_same(client, platform):
    case = erase(make_person())
    send_due_deliveries()
    told = client.get(f"/api/v1/receipts/{case.reference}").json()["recipients"]
    assert [(row["recipient"], row["event"], row["classes"]) for row in told] == [
        ("Devices", "subject.suspended", ["account", "contact"]),
        ("Devices", "subject.erased", ["account", "contact"]),
    ]
    assert all(row["acknowledged_at"] for row in told)
    assert set(told[0]) == {"recipient", "event", "classes", "told_at", "deadline", "acknowledged_at", "by_other_means"}


def test_what_is_outstanding_says_so(client, platform):
    case = cancel_account(subject=make_person().subject)
    [told] = client.get(f"/api/v1/receipts/{case.reference}").json()["recipients"]
    assert told["acknowledged_at"] is None


def test_what_staff_settled_is_not_passed_off_as_acknowledged(client, platform):
    case = cancel_account(subject=make_person().subject)
    Delivery.objects.update(state="failed")
    assert "Notified by other means" not in client.get(f"/receipts/{case.reference}/").content.decode()
    settle_delivery(deliveries=Delivery.objects.all())
    assert "Notified by other means" in client.get(f"/receipts/{case.reference}/").content.decode()
    [told] = client.get(f"/api/v1/receipts/{case.reference}").json()["recipients"]
    assert told["by_other_means"] is True
    assert told["acknowledged_at"]


def test_what_was_overtaken_is_not_listed(client, platform):
    case = cancel_account(subject=make_person().subject)
    undo_cancellation(case=case)
    told = client.get(f"/api/v1/receipts/{case.reference}").json()["recipients"]
    assert [row["event"] for row in told] == ["subject.resumed"]


def test_a_later_acknowledgement_leaves_the_chain_of_receipts_whole(client, platform):
    case = erase(make_person())
    before = bytes(ErasureReceipt.objects.get(case=case).hash)
    send_due_deliveries()
    assert bytes(ErasureReceipt.objects.get(case=case).hash) == before
    assert list(chain_errors(ErasureReceipt)) == []


def test_without_recipients_there_is_no_such_heading(client):
    case = erase(make_person())
    assert "Who else holds" not in client.get(f"/receipts/{case.reference}/").content.decode()
    assert client.get(f"/api/v1/receipts/{case.reference}").json()["recipients"] == []
