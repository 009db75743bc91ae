"""Cancel, undo, correct, erase: the device platform hears of each, acts on it once, and acknowledges."""

import json

from django.conf import settings

from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.services import cancel_account
from privacy.recipients.models import Delivery
from privacy.recipients.services import send_due_deliveries
from tests.factories import make_person, pass_time


def test_a_cancellation_suspends_and_an_erasure_erases(platform):
    user = make_person()
    platform.has(user.subject_id, "account", "contact")
    case = cancel_account(subject=user.subject)
    assert send_due_deliveries() == 1
    assert platform.devices("suspended") == [1, 1]
    pass_time(case, settings.COOLING_OFF)
    erase_due_accounts()
    assert send_due_deliveries() == 1
    assert platform.devices() == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"acknowledged"}
    assert json.loads(platform.requests[1][1])["type"] == "subject.erased"
