"""No account is cancelled without three warnings in time: a late warning moves the end."""

import datetime as dt
from unittest.mock import patch

from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.inactive.services import sweep_inactive_accounts
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.notices import services as notices
from privacy.notices.models import Notice
from privacy.notices.services import send_due_notices
from privacy.retention.purging import purge_expired_rows
from tests.accounts.inactive.clock import current_warning, days_left, is_cancelled, pass_days, sweep_and_send, warned
from tests.factories import make_user

DAY = dt.timedelta(days=1)


def test_a_person_who_cannot_be_warned_is_never_cancelled():
    make_user(verified=False)
    make_user()
    pass_days(5000)
    assert sweep_inactive_accounts() == 0
    assert not ErasureCase.objects.exists()


def test_a_person_without_contact_points_is_not_cancelled(person: User):
    pass_days(306)
    sweep_and_send()
    ContactPoint.objects.update(verified_at=None)
    for days in (53, 6, 30):
        pass_days(days)
        sweep_and_send()
    assert not is_cancelled(person)


def test_a_warning_that_waits_moves_the_end(person: User):
    pass_days(306)
    sweep_inactive_accounts()
    pass_days(10)
    sweep_inactive_accounts()
    assert current_warning().sent_at is None
    send_due_notices()
    sweep_inactive_accounts()
    assert days_left() == 60.0


def test_the_last_warning_that_waits_holds_the_cancellation(person: User):
    for days in (306, 53):
        pass_days(days)
        sweep_and_send()
    pass_days(6)
    sweep_inactive_accounts()
    pass_days(20)
    sweep_inactive_accounts()
    assert not is_cancelled(person)
    send_due_notices()
    sweep_inactive_accounts()
    assert days_left() == 1.0


def test_a_sweep_that_did_not_run_moves_the_end(person: User):
    pass_days(306)
    sweep_and_send()
    pass_days(100)
    sweep_and_send()
    assert (current_warning().days, days_left()) == (7, 7.0)
    pass_days(100)
    sweep_and_send()
    assert (current_warning().days, days_left()) == (1, 1.0)
    assert not is_cancelled(person)


def test_a_warning_that_no_gateway_took_is_queued_again(person: User):
    pass_days(306)
    sweep_inactive_accounts()
    with patch.object(notices, "deliver", side_effect=OSError):
        for _ in range(notices.MOST_ATTEMPTS):
            Notice.objects.update(due_at=timezone.now() - DAY)
            send_due_notices()
    assert warned() == ["failed"]
    pass_days(3)
    sweep_inactive_accounts()
    assert sorted(warned()) == ["failed", "queued"]
    send_due_notices()
    sweep_inactive_accounts()
    assert current_warning().sent_at is not None
    assert days_left() == 60.0


def test_one_address_that_was_reached_is_enough(person: User):
    contact = add_contact_point(subject=person.subject, field="email", value="maria@example.org")
    mark_verified(contact)
    pass_days(306)
    sweep_inactive_accounts()
    sms = Notice.objects.get(template="account_unused", channel="sms")
    notices.deliver_notice(sms.pk)
    sweep_inactive_accounts()
    assert current_warning().sent_at is not None


def test_a_warning_whose_message_went_by_age_was_sent(person: User):
    pass_days(306)
    sweep_inactive_accounts()
    send_due_notices()
    pass_days(40)
    purge_expired_rows()
    assert warned() == []
    sweep_inactive_accounts()
    assert current_warning().queued == 1
    assert days_left() == 60.0
