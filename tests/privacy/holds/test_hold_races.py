"""Concurrent acts have one outcome: a hold and the sweep, two members of staff, an erasure during an approval."""

from unittest.mock import patch
from uuid import uuid4

import pytest
from django.utils import translation

from accounts.contact_points.models import ContactPoint
from accounts.users.models import User
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_at_once
from privacy.holds.services import NothingLeftToHold, approve_hold, refuse_hold
from privacy.policies.grounds import DeletionGround
from privacy.subjects.locking import lock_subjects
from tests.erasures import APPROVES, asked, due
from tests.factories import make_person
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]


def test_a_hold_and_the_sweep_never_both_win():
    for _ in range(10):
        user = make_person()
        hold = asked(user, "contact")
        due(user)
        outcomes = in_parallel(
            2, lambda number, hold=hold: [lambda: approve_hold(hold=hold, by=APPROVES), erase_due_accounts][number]()
        )
        erase_due_accounts()
        is_kept = ContactPoint.objects.filter(subject=user.subject).exists()
        case = ErasureCase.objects.get(subject=user.subject)
        assert (outcomes[0], is_kept, case.state) in [("done", True, "held"), ("NothingLeftToHold", False, "erased")]


def test_two_members_of_staff_decide_once():
    for _ in range(5):
        hold = asked(make_person())
        outcomes = in_parallel(
            2, lambda number, hold=hold: (approve_hold if number else refuse_hold)(hold=hold, by=uuid4())
        )
        assert sorted(outcomes) == ["HoldRefused", "done"]


def test_no_hold_is_approved_on_a_person_who_is_erased_meanwhile():
    """The case is opened and erased after the approval looked for one, before it locks the person's row."""
    user = make_person()
    hold = asked(user)

    def erase_first(subjects):
        def erase(_number):
            cancel_at_once(subjects=subjects, ground=DeletionGround.UNUSED)
            erase_due_accounts()

        assert in_parallel(1, erase) == ["done"]
        lock_subjects(subjects)

    in_chinese = translation.override("zh-hans")
    with (
        in_chinese,
        patch("privacy.holds.services.lock_subjects", erase_first),
        pytest.raises(NothingLeftToHold) as refused,
    ):
        approve_hold(hold=hold, by=APPROVES)
    assert "没有可保留的内容" in str(refused.value)
    hold.refresh_from_db()
    assert hold.state == "asked"
    assert not User.objects.filter(pk=user.pk).exists()
