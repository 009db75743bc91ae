"""Staff register recipients, see a secret once, see late deliveries, and settle failed ones after a confirmation."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.users.models import User
from portal.operations.alarms import raise_alarms
from privacy.erasure.services import cancel_account
from privacy.operations.roles import ROLES
from privacy.recipients.models import Delivery, Recipient
from privacy.recipients.references import reference_for
from privacy.recipients.services import register_recipient, send_to_recipient
from tests.erasures import erase
from tests.factories import make_person, make_staff
from tests.privacy.recipients.moments import rows, wait
from tests.sign_in_clients import client_of

# Marked here, so that it runs before tests that really commit: their clean-up deletes the roles.
pytestmark = pytest.mark.django_db
OFFICER, *_others, AUDITOR, _OPERATOR = ROLES
GIVEN = {"name": "Devices", "url": "https://devices.example/hook", "classes": ["account", "contact"]}
ADD, LIST = reverse("admin:privacy_recipient_add"), reverse("admin:privacy_delivery_changelist")


@pytest.fixture
def officer():
    return client_of(make_staff(OFFICER))


@pytest.fixture
def recipient():
    return register_recipient(**GIVEN)[0]


def act(recipient, name):
    return reverse("admin:privacy_recipient_act", args=[recipient.pk, name])


def secrets_in(answer):
    return re.findall(r"whsec_[A-Za-z0-9+/=]{44}", answer.content.decode())


def test_a_secret_is_shown_once_and_stored_nowhere_in_clear(officer):
    answer = officer.post(ADD, GIVEN)
    [secret] = secrets_in(answer)
    assert "no-store" in answer["Cache-Control"]
    recipient = Recipient.objects.get()
    change = reverse("admin:privacy_recipient_change", args=[recipient.pk])
    for page in (change, reverse("admin:privacy_recipient_changelist"), "/admin/"):
        assert secrets_in(officer.get(page)) == []
    assert secret not in "".join(map(str, LogEntry.objects.values_list("object_repr", "change_message")))


def test_an_address_that_may_not_be_called_is_explained(officer):
    page = officer.post(ADD, GIVEN | {"url": "http://devices.example/"}).content.decode()
    assert "so that messages are encrypted" in page
    assert not Recipient.objects.exists()
    assert "already exists" in officer.post(ADD, GIVEN).content.decode() + officer.post(ADD, GIVEN).content.decode()


def test_a_recipient_is_changed_through_the_service(officer, recipient):
    page = reverse("admin:privacy_recipient_change", args=[recipient.pk])
    assert officer.post(page, GIVEN | {"classes": ["contact"], "name": "Gadgets"}).status_code == 302
    recipient.refresh_from_db()
    assert (recipient.name, recipient.classes) == ("Gadgets", ["contact"])
    assert officer.post(reverse("admin:privacy_recipient_delete", args=[recipient.pk])).status_code == 403


def test_an_act_asks_first(officer, recipient):
    for name in ("rotate", "retire", "notify-again"):
        assert '<form method="post">' in officer.get(act(recipient, name)).content.decode()
    before = bytes(recipient.secret)
    recipient.refresh_from_db()
    assert (bytes(recipient.secret), recipient.state) == (before, "active")
    assert officer.get(act(recipient, "delete-everything")).status_code == 404


def test_rotating_shows_the_new_secret_and_keeps_the_old_for_a_day(officer, recipient):
    assert len(secrets_in(officer.post(act(recipient, "rotate")))) == 1
    held = Recipient.objects.get()
    assert bytes(held.previous_secret) == bytes(recipient.secret)
    assert held.previous_until


def test_retiring_and_telling_again(officer, recipient):
    officer.post(act(recipient, "retire"))
    assert Recipient.objects.get().state == "retired"
    officer.post(act(recipient, "notify-again"))
    assert Recipient.objects.get().state == "active"


@pytest.mark.parametrize(("action", "state"), [("try_again_action", "queued"), ("settle_action", "settled")])
def test_what_failed_is_tried_again_or_settled_after_a_question(officer, recipient, action, state):
    cancel_account(subject=make_person().subject)
    Delivery.objects.update(state="failed")
    chosen = {"action": action, "_selected_action": [str(Delivery.objects.get().pk)]}
    page = officer.post(LIST, chosen).content.decode()
    assert "1 message failed" in page
    assert Delivery.objects.get().state == "failed"
    assert not LogEntry.objects.exists()
    officer.post(LIST, chosen | {"confirmed": "yes"})
    assert Delivery.objects.get().state == state
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (chosen["_selected_action"][0], action.removesuffix("_action"))
    assert entry.user_id == User.objects.get(is_staff=True).pk


def test_an_auditor_reads_and_does_nothing(recipient):
    auditor = client_of(make_staff(AUDITOR, username="auditor"))
    cancel_account(subject=make_person().subject)
    Delivery.objects.update(state="failed")
    delivery = Delivery.objects.get()
    page = auditor.get(reverse("admin:privacy_delivery_change", args=[delivery.pk])).content.decode()
    assert reference_for(delivery.recipient_id, delivery.subject_id) in page
    auditor.post(LIST, {"action": "settle_action", "_selected_action": [str(delivery.pk)], "confirmed": "yes"})
    assert Delivery.objects.get().state == "failed"
    assert auditor.get(act(recipient, "rotate")).status_code == 403


def test_the_first_page_shows_what_is_late_given_up_or_gone(officer, recipient):
    assert "All recipients acknowledge" in officer.get("/admin/").content.decode()
    cancel_account(subject=make_person().subject)
    wait(timedelta(hours=25))
    assert "<strong>overdue</strong>" in officer.get("/admin/").content.decode()
    Delivery.objects.update(state="failed")
    Recipient.objects.update(state="gone")
    page = officer.get("/admin/").content.decode()
    assert "<strong>failed</strong>" in page
    assert "answered 410 (gone)" in page


def figures(client):
    lines = client.get("/metrics").content.decode().splitlines()
    return {name: float(value) for name, value in (line.split(" ") for line in lines if line.startswith("portal_"))}


def test_a_late_one_alarms_and_counts(client, platform):
    platform.says = lambda _environ: 503
    case = erase(make_person())
    for row in rows():
        send_to_recipient(row.pk)
    assert raise_alarms() == []
    wait(timedelta(hours=19))
    assert [line.split(",")[0] for line in raise_alarms()] == ["2 messages to Devices must be acknowledged"]
    wait(timedelta(hours=6))
    assert [line.split(",")[0] for line in raise_alarms()] == ["2 messages to Devices are overdue"]
    found = figures(client)
    assert (found["portal_deliveries_outstanding"], found["portal_deliveries_late"]) == (2, 2)
    Delivery.objects.update(state="failed")
    Recipient.objects.update(state="gone")
    lines = raise_alarms()
    assert "recipient Devices answered 410 (gone): it is no longer notified" in lines
    assert "2 messages to Devices failed" in lines
    assert figures(client)["portal_deliveries_failed"] == 2
    assert figures(client)["portal_recipients_gone"] == 1
    assert not any(str(case.subject_id) in line for line in lines)
