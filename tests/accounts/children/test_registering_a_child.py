"""A guardian registers with the child, once the proof is complete, and is told so."""

import datetime as dt
import re

import pytest
from django.test import Client

from accounts.users.models import User
from privacy.consent.queries import latest_consent
from privacy.encryption.models import DataKey
from privacy.guardians import proving
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.models.records import GuardianRecord
from tests.children import CHILD, agreed, send
from tests.factories import make_person, make_policy
from tests.forms import ENTERPRISE
from tests.guardians import ask, context_of, guardian, path_of
from tests.sign_in_clients import client_of, registration_step, shown_text


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


def test_a_guardian_who_is_signed_in_as_themselves_is_led_through_signing_out_to_the_registration():
    _browser, number = agreed()
    parent = client_of(make_person())
    parent.get(path_of(context_of()["agree_url"]))
    address = f"/register/individual/?country=DE&child={number}"
    shown = parent.get(address).content.decode()
    assert "You are signed in to your own account." in shown
    out = re.search(r'action="(/register/child/[^"]+)"', shown)[1]
    answer = parent.post(out)
    assert answer["Location"] == address
    assert 'value="you"' in parent.get(address).content.decode()
    assert send(parent, number)["Location"] == "/sign-in/verify/"


def test_the_guardian_is_told_that_the_account_exists_and_the_old_link_leads_to_it():
    browser, number = agreed()
    old = context_of()["agree_url"]
    send(browser, number)
    assert context_of("guardian_acts")["read_url"].endswith("/guardians/mine/")
    for answer in (browser.get(f"/guardians/children/{number}/"), Client().get(path_of(old))):
        shown = answer.content.decode()
        assert answer.status_code == 410
        assert 'href="/guardians/mine/"' in shown
        assert "We keep nothing of it" not in shown


def test_no_other_child_is_registered_by_signing_out():
    _browser, number = agreed()
    stranger = client_of(make_person())
    assert stranger.get(f"/register/individual/?country=DE&child={number}")["Location"] == "/home/"
    assert stranger.post(f"/register/child/{number}/").status_code == 404


def test_the_guardian_registers_with_the_child_without_the_age_question():
    browser, number = agreed()
    shown = browser.get(f"/register/individual/?country=DE&child={number}").content.decode()
    assert 'value="you"' in shown
    assert "Have the child&#x27;s own phone" in shown or "Have the child's own phone" in shown
    assert f'name="child" value="{number}"' in shown
    before = DataKey.objects.filter(owner=number, destroyed_at__isnull=True).count()
    assert before == 1
    assert send(browser, number)["Location"] == "/sign-in/verify/"
    guardianship = Guardianship.objects.get()
    assert (guardianship.address, guardianship.reached_on) == ("parent@example.com", dt.date(2030, 5, 31))
    assert not PendingChild.objects.exists()
    assert [record.act for record in GuardianRecord.objects.order_by("position")] == ["agreed", "registered"]
    assert GuardianRecord.objects.latest("position").subject == guardianship.subject
    assert latest_consent(guardianship.subject_id).act == "registered"


def test_nobody_else_registers_with_the_number_of_a_child():
    _browser, number = agreed()
    answer = send(Client(), number)
    assert answer.status_code == 422
    assert 'id="id_birth"' in answer.content.decode()
    assert not User.objects.exists()
    assert PendingChild.objects.count() == 1


def test_the_number_of_a_child_registers_no_enterprise():
    browser, number = agreed()
    company = {key: value for key, value in ENTERPRISE.items() if not key.startswith("birth_")}
    typed = company | shown_text(Client()) | {"country": "DE", "child": number}
    answer = browser.post("/register/enterprise/", typed)
    assert answer.status_code == 422
    assert 'id="id_birth"' in answer.content.decode()
    assert not User.objects.exists()
    grown_up = typed | {"birth_month": "5", "birth_year": "1980"}
    browser.post("/register/enterprise/", grown_up)
    assert not Guardianship.objects.exists()
    assert PendingChild.objects.get().state == "agreed"


def test_before_the_proof_is_complete_nobody_registers():
    ask()
    browser, page = guardian()
    browser.post(f"{page}agree/", {"is_guardian": "on"})
    assert send(browser, str(PendingChild.objects.get().pk)).status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize("email", ["parent@example.com", "Parent+child@example.com"])
def test_the_childs_own_address_is_not_the_guardians(email: str):
    browser, number = agreed()
    answer = send(browser, number, email=email)
    assert answer.status_code == 422
    assert "not that of the guardian" in answer.content.decode()
    assert not User.objects.exists()


def test_the_same_form_twice_makes_one_account():
    browser, number = agreed()
    first = CHILD | shown_text(Client()) | {"country": "DE", "child": number}
    assert browser.post("/register/individual/", first).status_code == 302
    again = browser.post("/register/individual/", first | {"phone": "+4915123456780"})
    assert again["Location"] == "/sign-in/verify/"
    assert User.objects.count() == Guardianship.objects.count() == 1


def test_in_france_child_and_guardian_agree_together():
    browser = Client()
    page = registration_step(browser, "you", "FR", birth_year="2014", birth_month="5").content.decode()
    signed = re.search(r'name="age" value="([^"]+)"', page)[1]
    browser.post("/guardians/", {"contact": "parent@example.com", "message_language": "en", "age": signed})
    child = PendingChild.objects.get()
    browser, page = guardian()
    browser.post(f"{page}agree/", {"is_guardian": "on"})
    proving.confirm_document(child=child)
    alone = send(browser, str(child.pk), country="FR")
    assert alone.status_code == 422
    assert "the child agrees beside" in alone.content.decode()
    assert not User.objects.exists()
    assert send(browser, str(child.pk), country="FR", child_agrees="on").status_code == 302
    assert GuardianRecord.objects.get(act="registered").proof == ["link", "document", "child"]
