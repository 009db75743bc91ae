"""An account is suspended for several reasons. It opens when the last one ends."""

import json

import pytest
from django.test import Client

from accounts.children import coming_of_age
from accounts.children.disagreeing import settle
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.consent.queries import purposes_in_force
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.guardians.models.guardianships import Guardianship
from privacy.notices.models import Notice
from privacy.notices.rendering import render_sms
from privacy.operations.roles import PRIVACY_OFFICER
from privacy.recipients.models import Delivery
from privacy.recipients.services import register_recipient
from privacy.restriction.queries import is_restricted
from tests.children import answer, answer_page, joined_by_second, opened, page_of, reached, registered_child, verified
from tests.factories import make_policy, make_staff
from tests.forms import INDIVIDUAL
from tests.rest.test_guardians import guardian as guardian_app


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


@pytest.fixture
def child() -> Guardianship:
    return verified(registered_child())


def suspended(child: Guardianship) -> User:
    """Let the person not answer for 31 days; return their account."""
    reached(child, days=31)
    assert coming_of_age.suspend_unanswered() == 1
    return User.objects.get(subject_id=child.subject_id)


def test_an_undone_cancellation_does_not_stand_in_for_an_own_agreement(child: Guardianship):
    user = suspended(child)
    undo_cancellation(case=cancel_account(subject=child.subject))
    user.refresh_from_db()
    assert not user.is_active
    notice = Notice.objects.get(template="cancellation_undone")
    assert "stays suspended" in render_sms(notice.template, "en", json.loads(str(notice.context))).body
    answer(answer_page(), agreed="on")
    user.refresh_from_db()
    assert user.is_active


def test_an_own_agreement_does_not_open_a_cancelled_account_and_counts_when_that_is_undone(child: Guardianship):
    user = suspended(child)
    case = cancel_account(subject=child.subject)
    answer(answer_page(), agreed="on")
    user.refresh_from_db()
    assert not user.is_active
    undo_cancellation(case=case)
    user.refresh_from_db()
    assert user.is_active


def test_recipients_resume_when_the_last_reason_ends(child: Guardianship):
    register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    suspended(child)
    undo_cancellation(case=cancel_account(subject=child.subject))
    events = Delivery.objects.filter(subject=child.subject).order_by("occurred_at").values_list("event", flat=True)
    assert set(events) == {"subject.suspended"}
    answer(answer_page(), agreed="on")
    stopped, used_again = (list(events.all()).count(f"subject.{event}") for event in ("suspended", "resumed"))
    assert stopped == used_again == 2


def test_an_undone_cancellation_does_not_decide_between_guardians(child: Guardianship):
    second = joined_by_second(child)
    opened().post(page_of(child, "withdraw/"), {"is_sure": "on"})
    opened("second@example.com").post(page_of(second, "cancel/"), {"is_sure": "on"})
    undo_cancellation(case=ErasureCase.objects.get())
    assert is_restricted(child.subject_id)
    assert settle(guardianship=child, keeps=True, staff=make_staff(PRIVACY_OFFICER))
    assert not is_restricted(child.subject_id)


def test_a_person_who_signs_in_to_a_suspended_account_reads_why(child: Guardianship):
    suspended(child)
    browser = Client()
    answered = browser.post("/sign-in/", {"login": "mia_child", "password": INDIVIDUAL["password"]}, follow=True)
    assert "This account is suspended" in answered.content.decode()
    assert browser.get("/settings/").status_code == 302


@pytest.mark.parametrize("act", ["cancel", "withdraw"])
def test_a_guardian_changes_nothing_in_a_suspended_account(child: Guardianship, act: str):
    second = joined_by_second(child)
    acting = second if act == "withdraw" else child
    browser = opened(str(acting.address))
    opened().post(page_of(child, f"{act}/"), {"is_sure": "on"})
    form = browser.get(page_of(acting, "correct/"))
    assert "is suspended" in form.content.decode()
    for page, data in (("correct/", {"name": "Other"}), ("purposes/", {"purpose": "product_news", "on": "yes"})):
        assert browser.post(page_of(acting, page), data).status_code == 409
    assert Profile.objects.get().name == "mia_child"
    assert not purposes_in_force(child.subject_id)
    shown = browser.get(page_of(acting)).content.decode()
    assert "is suspended" in shown
    assert "mia_child" in shown
    assert browser.get(page_of(acting, "copy/")).status_code == 200


def test_an_app_of_a_guardian_changes_nothing_in_a_suspended_account(child: Guardianship):
    cancel_account(subject=child.subject)
    app = guardian_app()
    path = f"guardians/children/{child.pk}"
    for answered in (
        app.send("PATCH", path, {"name": "Other"}),
        app.post(f"{path}/purposes", {"purpose": "product_news", "on": True}),
    ):
        assert (answered.status_code, answered.json()["code"]) == (409, "child_suspended")
    assert Profile.objects.get().name == "mia_child"
    assert app.get(path).status_code == 200
