"""An inactive account is warned three times, then cancelled on its ground."""

import datetime as dt
import json
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.db.models import F
from django.utils.formats import date_format

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.inactive.models import InactivityWarning
from accounts.inactive.services import sweep_inactive_accounts
from accounts.users.models import User
from privacy.encryption.keys import destroy_keys
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.notices import services as notices
from privacy.notices.models import Notice
from privacy.notices.rendering import render_email, render_sms
from privacy.policies.grounds import DeletionGround
from tests.accounts.inactive.clock import (
    current_warning,
    days_left,
    is_cancelled,
    pass_days,
    sweep_and_send,
    warn_three_times,
    warned,
)
from tests.factories import agree, make_person, make_policy, pass_time

DAY = dt.timedelta(days=1)


def test_an_account_is_warned_60_7_and_1_days_before_and_then_cancelled_on_its_ground(person: User):
    pass_days(304.9)
    assert sweep_and_send() == 0
    warnings = []
    for days in (0.2, 53, 6, 0.99):
        pass_days(days)
        sweep_and_send()
        warnings.append((current_warning().days, days_left()))
    assert warnings[:3] == [(60, 60.0), (7, 7.0), (1, 1.0)]
    assert warned() == ["sent"] * 3
    assert not is_cancelled(person)
    pass_days(0.02)
    assert sweep_inactive_accounts() == 1
    assert is_cancelled(person)
    case = ErasureCase.objects.get()
    assert case.ground == DeletionGround.UNUSED
    assert case.due_at - case.cancelled_at == django_settings.COOLING_OFF
    assert not InactivityWarning.objects.exists()
    assert Notice.objects.filter(template="account_cancelled").count() == 1


def test_switched_off_no_one_is_warned(person: User, settings):
    settings.UNUSED_AFTER = None
    pass_days(5000)
    assert sweep_inactive_accounts() == 0
    assert not InactivityWarning.objects.exists()
    assert warned() == []


def test_switching_it_off_forgets_the_warnings(person: User, settings):
    pass_days(310)
    sweep_and_send()
    settings.UNUSED_AFTER = None
    sweep_inactive_accounts()
    assert not InactivityWarning.objects.exists()


def test_a_very_old_account_has_60_days_from_the_first_warning(person: User):
    pass_days(4000)
    assert sweep_and_send() == 1
    assert days_left() == 60.0
    pass_days(50)
    assert sweep_and_send() == 0


def test_every_contact_point_gets_the_warning_with_the_end_and_how_to_keep_the_account(person: User):
    mark_verified(add_contact_point(subject=person.subject, field="email", value="maria@example.org"))
    pass_days(310)
    sweep_inactive_accounts()
    warnings = Notice.objects.filter(template="account_unused")
    assert {notice.channel for notice in warnings} == {"sms", "email"}
    until = current_warning().ends_at
    for notice in warnings:
        context = json.loads(notice.context)
        render = render_sms if notice.channel == "sms" else render_email
        body = render(notice.template, "en", context).body
        assert f"sign in once before {date_format(until, 'DATETIME_FORMAT')} UTC" in body
        assert "cancelled" in body


def test_a_warning_speaks_the_language_in_which_the_person_agreed():
    make_policy(language="en")
    person = make_person()
    chinese = make_policy("cn", language="zh-hans")
    agree(person.subject, chinese)
    pass_days(310)
    sweep_inactive_accounts()
    assert Notice.objects.get(template="account_unused").language == "zh-hans"


def test_an_account_that_its_owner_cancelled_is_not_warned(person: User):
    pass_days(306)
    sweep_and_send()
    case = cancel_account(subject=person.subject)
    pass_days(58)
    assert sweep_and_send() == 0
    assert warned() == ["sent"]
    assert not InactivityWarning.objects.exists()
    undo_cancellation(case=case)
    assert not is_cancelled(person)


def test_the_cancellation_can_be_undone_and_ends_in_the_usual_erasure(person: User):
    warn_three_times()
    pass_days(0.02)
    sweep_inactive_accounts()
    pass_time(ErasureCase.objects.get(), django_settings.COOLING_OFF)
    erase_due_accounts()
    assert not User.objects.filter(pk=person.pk).exists()
    assert ErasureCase.objects.get().state == "erased"


def test_an_erasure_takes_the_warning_along(person: User):
    pass_days(306)
    sweep_inactive_accounts()
    case = cancel_account(subject=person.subject)
    pass_time(case, django_settings.COOLING_OFF)
    erase_due_accounts()
    assert not InactivityWarning.objects.exists()


def test_a_longer_period_forgets_warnings_that_came_too_early(person: User, settings):
    pass_days(306)
    sweep_and_send()
    settings.UNUSED_AFTER = 800 * DAY
    assert sweep_and_send() == 0
    assert not InactivityWarning.objects.exists()


def test_a_failure_stops_no_other(person: User, caplog: pytest.LogCaptureFixture):
    other = make_person()
    pass_days(306)
    whole = notices.send_notice

    def broken(**given):
        if given["subject"].pk == person.subject_id:
            raise OSError("+4915112345678")
        return whole(**given)

    with patch("accounts.inactive.services.send_notice", broken):
        assert sweep_inactive_accounts() == 1
    assert current_warning().subject_id == other.subject_id
    assert "send_first_warning with OSError" in caplog.text
    assert "+4915112345678" not in caplog.text


def test_a_run_processes_a_batch_and_the_next_continues(person: User):
    make_person()
    pass_days(306)
    assert [sweep_inactive_accounts(batch=1) for _ in range(3)] == [1, 1, 0]


@pytest.mark.parametrize("failing", [1, 3])
def test_repeated_failures_do_not_block_other_first_warnings(person: User, failing: int):
    """As many as a batch, and inactive for longer than the others."""
    poisonous = [make_person() for _ in range(failing)]
    pass_days(306)
    others = [person, make_person()]
    pass_days(306)
    destroy_keys([user.subject_id for user in poisonous])
    for _ in range(failing + len(others)):
        sweep_inactive_accounts(batch=1)
    assert set(InactivityWarning.objects.values_list("subject_id", flat=True)) == {user.subject_id for user in others}


def test_repeated_failures_do_not_block_other_next_warnings(person: User):
    poisonous = make_person()
    pass_days(306)
    sweep_and_send()
    pass_days(53)
    destroy_keys([poisonous.subject_id])
    InactivityWarning.objects.filter(subject_id=poisonous.subject_id).update(
        ends_at=F("ends_at") - dt.timedelta(days=1)
    )
    for _ in range(2):
        sweep_inactive_accounts(batch=1)
    assert InactivityWarning.objects.get(subject_id=person.subject_id).days == 7
