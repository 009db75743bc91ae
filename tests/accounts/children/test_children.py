"""A guardian acts for the child with whom they registered, and for no other."""

import pytest
from django.test import Client

from accounts.children import services as children_services
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.consent.queries import purposes_in_force
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import TooLateToUndo, cancel_account, undo_cancellation
from privacy.guardians import proving
from privacy.guardians.accesses import send_access_links
from privacy.guardians.acting import guardian_addresses
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.services import GuardianAddress
from privacy.notices.models import Notice
from privacy.restriction.queries import restrictions_of
from tests.children import opened, page_of, registered_child
from tests.erasures import erase
from tests.factories import make_person, make_policy
from tests.sign_in_clients import client_of


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


def test_a_guardian_with_an_account_finds_the_way_to_their_children_and_a_child_reads_who_acts_for_them():
    guardianship = registered_child()
    parent, other = make_person(), make_person()
    mark_verified(add_contact_point(subject=parent.subject, field="email", value="parent@example.com"))
    shown = client_of(parent).get("/home/").content.decode()
    assert "You act for 1 child here." in shown
    assert "mia_child" not in shown
    assert "/guardians/mine/" not in client_of(other).get("/settings/").content.decode()
    child = client_of(User.objects.get(subject=guardianship.subject))
    assert "A parent or guardian acts for you here." in child.get("/settings/").content.decode()
    page = child.get("/settings/guardians/").content.decode()
    assert "They can see, correct and copy your data" in page
    assert "parent@example.com" not in page


def test_messages_of_the_account_go_to_the_guardian_too():
    guardianship = registered_child()
    [(subject, address)] = guardian_addresses([guardianship.subject_id])
    assert (subject, address.channel, address.value) == (guardianship.subject_id, "email", "parent@example.com")


def test_a_guardian_sees_corrects_and_copies():
    guardianship = registered_child()
    browser = opened()
    assert "mia_child" in browser.get("/guardians/mine/").content.decode()
    page = browser.get(page_of(guardianship)).content.decode()
    assert "mia_child" in page
    assert "Germany" in page
    form = browser.get(page_of(guardianship, "correct/")).context["form"]
    values = {name: form[name].value() or "" for name in form.fields if form[name].value() not in (None, False)}
    answer = browser.post(page_of(guardianship, "correct/"), values | {"name": "Mia Maier"})
    assert answer.get("Location") == page_of(guardianship), answer.context["form"].errors
    assert Profile.objects.get().name == "Mia Maier"
    [correction] = browser.get(page_of(guardianship, "copy/")).json()["records"]["corrections"]
    assert correction["by"] == "guard"


def test_a_guardian_turns_an_optional_use_on_and_off():
    guardianship = registered_child()
    browser = opened()
    for on in ("yes", "no"):
        browser.post(page_of(guardianship, "purposes/"), {"purpose": "product_news", "on": on})
        assert ("product_news" in purposes_in_force(guardianship.subject_id)) is (on == "yes")


def test_while_a_changed_policy_waits_for_an_answer_a_guardian_turns_nothing_on():
    guardianship = registered_child()
    browser = opened()
    make_policy("intl", label="2", text="More.")
    answer = browser.post(page_of(guardianship, "purposes/"), {"purpose": "product_news", "on": "yes"}, follow=True)
    assert "or must first answer a change of it" in answer.content.decode()
    assert not purposes_in_force(guardianship.subject_id)


@pytest.mark.parametrize("act", ["cancel", "delete", "withdraw", "report"])
def test_a_guardian_ends_the_account_after_a_tick(act: str):
    guardianship = registered_child()
    browser = opened()
    assert browser.post(page_of(guardianship, f"{act}/")).status_code == 422
    assert not ErasureCase.objects.exists()
    assert browser.post(page_of(guardianship, f"{act}/"), {"is_sure": "on"}).status_code == 200
    case = ErasureCase.objects.get()
    assert case.subject == guardianship.subject
    assert (case.due_at > case.cancelled_at) is (act == "cancel")
    assert not User.objects.get().is_active


@pytest.mark.parametrize("act", ["delete", "report", "withdraw"])
def test_a_guardian_who_cancelled_can_still_have_everything_erased_now(act: str):
    guardianship = registered_child()
    browser = opened()
    browser.post(page_of(guardianship, "cancel/"), {"is_sure": "on"})
    browser.post(page_of(guardianship, f"{act}/"), {"is_sure": "on"})
    assert erase_due_accounts()
    assert not User.objects.exists()
    assert GuardianRecord.objects.filter(act="found").exists() is (act == "report")


@pytest.mark.parametrize("act", ["delete", "withdraw"])
def test_a_child_keeps_no_account_by_undoing_an_earlier_cancellation(act: str):
    guardianship = registered_child()
    case = cancel_account(subject=guardianship.subject)
    assert opened().post(page_of(guardianship, f"{act}/"), {"is_sure": "on"}).status_code == 200
    with pytest.raises(TooLateToUndo):
        undo_cancellation(case=case)
    erase_due_accounts()
    assert not User.objects.exists()


def test_a_withdrawal_that_fails_halfway_changes_nothing(monkeypatch):
    guardianship = registered_child()
    browser = opened()
    browser.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(children_services, "cancel_at_once", lambda **_given: 1 / 0)
        assert browser.post(page_of(guardianship, "withdraw/"), {"is_sure": "on"}).status_code == 500
    assert Guardianship.objects.get().ended_at is None
    assert GuardianRecord.objects.latest("position").act == "registered"
    assert browser.post(page_of(guardianship, "withdraw/"), {"is_sure": "on"}).status_code == 200
    assert ErasureCase.objects.get().subject == guardianship.subject


def test_what_is_erased_leaves_the_evidence_only():
    guardianship = registered_child()
    erase(User.objects.get())
    assert not Guardianship.objects.exists()
    assert {record.subject_id for record in GuardianRecord.objects.filter(act="registered")} == {
        guardianship.subject_id
    }
    assert (
        "a link is on its way" in Client().post("/guardians/mine/", {"address": "parent@example.com"}).content.decode()
    )
    assert send_access_links() == 0
    assert not Notice.objects.filter(template="guardian_link").exists()


ACTS = [("GET", ""), ("GET", "correct/"), ("POST", "correct/"), ("GET", "copy/")] + [
    ("POST", f"{act}/") for act in ("purposes", "invite", "cancel", "delete", "withdraw", "report")
]


def test_a_guardian_acts_for_no_other_child():
    own = registered_child()
    other = registered_child("other_child", "+4915123456780", "other@example.com")
    browser = opened()
    assert browser.get(page_of(own)).status_code == 200
    for method, act in ACTS:
        data = {
            "is_sure": "on",
            "purpose": "product_news",
            "on": "yes",
            "name": "Stolen",
            "address": "x@example.com",
            "may_give": "on",
        }
        for stranger in (browser, Client()):
            answer = stranger.generic(method, page_of(other, act)) if method == "GET" else None
            answer = answer or stranger.post(page_of(other, act), data)
            assert answer.status_code == 404, (method, act)
    assert not ErasureCase.objects.exists()
    assert Guardianship.objects.filter(ended_at__isnull=True).count() == 2
    assert not purposes_in_force(other.subject_id)
    assert "other_child" not in browser.get("/guardians/mine/").content.decode()


def test_a_second_guardian_proves_and_joins_and_a_disagreement_stops_every_use():
    first = registered_child()
    browser = opened()
    assert (
        browser.post(page_of(first, "invite/"), {"address": "parent+x@example.com", "may_give": "on"}).status_code
        == 422
    )
    assert browser.post(page_of(first, "invite/"), {"address": "second@example.com"}).status_code == 422
    assert not PendingChild.objects.exists()
    given = {"address": "second@example.com", "may_give": "on"}
    assert browser.post(page_of(first, "invite/"), given).status_code == 302
    waiting = PendingChild.objects.get()
    proving.agree_by_link(child=waiting, second=GuardianAddress("email", "two@example.org", "en"))
    proving.confirm_document(child=waiting)
    assert not PendingChild.objects.exists()
    second = Guardianship.objects.exclude(pk=first.pk).get()
    assert (second.subject, second.address) == (first.subject, "second@example.com")
    browser = opened("second@example.com")
    browser.post(page_of(second, "withdraw/"), {"is_sure": "on"})
    assert [one.why for one in restrictions_of(first.subject_id)] == ["dispute"]
    assert not ErasureCase.objects.exists()
    assert browser.get(page_of(second)).status_code == 404
    opened().post(page_of(first, "withdraw/"), {"is_sure": "on"})
    assert ErasureCase.objects.count() == 1
