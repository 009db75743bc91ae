"""On the day of age, in the child's zone, the guardian's rights end; the person is asked to agree for themselves."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.children import coming_of_age
from accounts.children.disagreeing import OwnChild, disagreements, settle
from accounts.children.services import withdraw_for_child
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import latest_consent
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.replay import replay_erasures
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.records import GuardianRecord
from privacy.notices.models import Notice
from privacy.operations.roles import PRIVACY_OFFICER
from privacy.recipients.models import Delivery
from privacy.recipients.services import register_recipient
from privacy.restriction.queries import is_restricted, restrictions_of
from tests.children import answer, answer_page, joined_by_second, opened, page_of, reached, registered_child, verified
from tests.copies import make_guardianship
from tests.factories import make_policy, make_staff
from tests.privacy.erasure.restores import restored_after
from tests.sign_in_clients import client_of


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


@pytest.fixture
def child() -> Guardianship:
    return verified(registered_child())


def test_the_day_is_that_of_the_childs_zone(child: Guardianship, monkeypatch):
    # 22:00 UTC is midnight in Berlin in summer.
    for moment, ended in ((dt.datetime(2030, 5, 30, 21, 59), 0), (dt.datetime(2030, 5, 30, 22, 1), 1)):
        monkeypatch.setattr(coming_of_age, "database_now", lambda moment=moment: moment.replace(tzinfo=dt.UTC))
        assert coming_of_age.end_due_guardianships() == ended
    assert Guardianship.objects.get().ended_as == "of_age"


def test_a_zone_of_the_childs_own_counts(child: Guardianship, monkeypatch):
    profile = Profile.objects.get()
    profile.time_zone = "Pacific/Honolulu"
    profile.save()
    for moment, ended in ((dt.datetime(2030, 5, 31, 9, 59), 0), (dt.datetime(2030, 5, 31, 10, 1), 1)):
        monkeypatch.setattr(coming_of_age, "database_now", lambda moment=moment: moment.replace(tzinfo=dt.UTC))
        assert coming_of_age.end_due_guardianships() == ended


def test_the_guardians_rights_end_and_the_person_is_asked_at_their_own_address(child: Guardianship):
    browser = opened()
    assert browser.get(page_of(child)).status_code == 200
    reached(child)
    assert coming_of_age.end_due_guardianships() == 0
    assert browser.get(page_of(child)).status_code == 404
    notice = Notice.objects.get(template="come_of_age")
    assert (notice.channel, notice.address) == ("sms", "+4915123456789")
    assert GuardianRecord.objects.latest("position").act == "came_of_age"


def test_of_two_guardians_none_is_asked_and_the_person_is_asked_once(child: Guardianship):
    joined_by_second(child)
    reached(child)
    assert not Guardianship.objects.filter(ended_at=None).exists()
    assert [notice.address for notice in Notice.objects.filter(template="come_of_age")] == ["+4915123456789"]
    assert GuardianRecord.objects.filter(act="came_of_age").count() == 2


def test_the_person_agrees_for_themselves_and_keeps_the_account(child: Guardianship):
    reached(child)
    page = answer_page()
    before = ConsentRecord.objects.count()
    assert answer(page).status_code == 422
    assert answer(page, agreed="on", policy="0" * 64).status_code == 422
    kept = answer(page, agreed="on")
    assert "The account is yours" in kept.content.decode()
    assert ConsentRecord.objects.count() == before + 1
    assert latest_consent(child.subject_id).purposes == []
    assert GuardianRecord.objects.latest("position").act == "confirmed"
    assert Client().get(page).status_code == 410
    Guardianship.objects.update(ended_at=timezone.now() - dt.timedelta(days=61))
    assert (coming_of_age.suspend_unanswered(), coming_of_age.erase_unanswered()) == (0, 0)


def test_unanswered_for_30_days_the_account_is_suspended_and_an_answer_opens_it(child: Guardianship):
    reached(child, days=29)
    assert coming_of_age.suspend_unanswered() == 0
    Guardianship.objects.update(ended_at=timezone.now() - dt.timedelta(days=30, seconds=5))
    assert coming_of_age.suspend_unanswered() == 1
    assert coming_of_age.suspend_unanswered() == 0
    assert not User.objects.get().is_active
    answer(answer_page(), agreed="on")
    assert User.objects.get().is_active


def test_unanswered_for_60_days_the_account_is_erased(child: Guardianship):
    reached(child, days=59)
    assert coming_of_age.erase_unanswered() == 0
    Guardianship.objects.update(ended_at=timezone.now() - dt.timedelta(days=60, hours=4))
    assert coming_of_age.overdue_answers().count() == 1
    assert coming_of_age.erase_unanswered() == 1
    assert coming_of_age.erase_unanswered() == 0
    assert not coming_of_age.overdue_answers().exists()
    erase_due_accounts()
    assert not User.objects.exists()
    assert {record.act for record in GuardianRecord.objects.all()} == {"agreed", "registered", "came_of_age"}


def test_a_forged_link_asks_nobody():
    assert Client().get("/of-age/forged/").status_code == 410


def events() -> list[str]:
    return list(Delivery.objects.order_by("occurred_at").values_list("event", flat=True))


def test_recipients_stop_while_nobody_answers_and_use_the_data_again_after_the_answer(child: Guardianship):
    register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    reached(child, days=31)
    assert coming_of_age.suspend_unanswered() == 1
    assert events() == ["subject.suspended"]
    answer(answer_page(), agreed="on")
    assert events()[-1] == "subject.resumed"


def test_a_person_whose_guardians_disagreed_decides_on_the_day_of_age(child: Guardianship):
    second = make_guardianship(
        child.subject, ended_at=None, ended_as="", address="two@example.com", address_index="two@example.com"
    )
    withdraw_for_child(guardianship=second)
    assert is_restricted(child.subject_id)
    reached(child)
    answer(answer_page(), agreed="on")
    assert not is_restricted(child.subject_id)
    assert not disagreements().exists()


def test_a_disagreement_reaches_recipients_and_a_restore_keeps_it(child: Guardianship):
    register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    make_guardianship(child.subject, ended_at=None, ended_as="")
    with restored_after():
        withdraw_for_child(guardianship=child)
        assert list(Delivery.objects.values_list("event", flat=True)) == ["subject.suspended"]
    replay_erasures()
    assert [one.why for one in restrictions_of(child.subject_id)] == ["dispute"]


@pytest.mark.parametrize(("decision", "is_active", "cases"), [("keep", True, 0), ("erase", False, 1)])
def test_staff_decide_between_guardians(child: Guardianship, decision: str, is_active: bool, cases: int):
    joined_by_second(child)
    opened().post(page_of(child, "withdraw/"), {"is_sure": "on"})
    assert disagreements().count() == 1
    assert User.objects.get(subject_id=child.subject_id).is_active
    assert [one.why for one in restrictions_of(child.subject_id)] == ["dispute"]
    officer = client_of(make_staff(PRIVACY_OFFICER))
    page = f"/admin/privacy/guardianship/{child.pk}/"
    assert "Keep the account" in officer.get(f"{page}change/").content.decode()
    assert officer.post(f"{page}settle/", {"decision": decision}).status_code == 302
    assert User.objects.get(subject_id=child.subject_id).is_active is is_active
    assert is_restricted(child.subject_id) is not is_active
    assert ErasureCase.objects.count() == cases
    assert not disagreements().exists()
    assert AccessRecord.objects.get(subject=child.subject).act == "settled"
    assert GuardianRecord.objects.latest("position").act == ("kept" if decision == "keep" else "erased")
    assert "decided already" in officer.post(f"{page}settle/", {"decision": "keep"}, follow=True).content.decode()
    assert AccessRecord.objects.filter(subject=child.subject).count() == 1


@pytest.mark.parametrize("given", [{}, {"decision": "other"}])
def test_without_a_decision_nothing_is_erased(child: Guardianship, given: dict[str, str]):
    joined_by_second(child)
    opened().post(page_of(child, "withdraw/"), {"is_sure": "on"})
    answered = client_of(make_staff(PRIVACY_OFFICER)).post(
        f"/admin/privacy/guardianship/{child.pk}/settle/", given, follow=True
    )
    assert "Choose whether the account is kept or erased" in answered.content.decode()
    assert not ErasureCase.objects.exists()
    assert disagreements().count() == 1


def test_a_member_of_staff_does_not_decide_about_their_own_child(child: Guardianship):
    joined_by_second(child)
    opened().post(page_of(child, "withdraw/"), {"is_sure": "on"})
    officer = make_staff(PRIVACY_OFFICER)
    mark_verified(add_contact_point(subject=officer.subject, field="email", value="second@example.com"))
    with pytest.raises(OwnChild):
        settle(guardianship=child, keeps=True, staff=officer)
    assert disagreements().count() == 1


def test_the_yearly_figures_name_nobody(child: Guardianship):
    written = StringIO()
    call_command("minors_figures", str(timezone.now().year), stdout=written)
    assert written.getvalue().splitlines() == [
        "country,what,count",
        "DE,agreed,1",
        "DE,registered,1",
        ",children_now,1",
    ]
