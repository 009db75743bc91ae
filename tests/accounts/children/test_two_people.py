"""A child and their guardian are two people: no address, and no account, is both of theirs."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.contact_points.services import ContactTaken, add_contact_point, mark_verified
from accounts.users.models import User
from privacy.guardians import proving
from privacy.guardians.inviting import invite_guardian
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.own_addresses import OfTheChild
from privacy.guardians.services import GuardianAddress
from tests.children import opened, page_of, registered_child, send
from tests.factories import make_policy
from tests.guardians import ask, context_of, guardian, path_of

CHILDS, OTHER = "+4915123456789", "+4915123456780"


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


@pytest.fixture
def child() -> Guardianship:
    return registered_child(phone=CHILDS)


def agreed_by_second(address: str) -> tuple[Client, str]:
    """Let a guardian agree by a second contact point; return their browser and the number of the child."""
    ask()
    browser, page = guardian()
    browser.post(f"{page}agree/", {"is_guardian": "on", "contact": address})
    PendingChild.objects.update(second_due_at=timezone.now() - dt.timedelta(seconds=1))
    proving.send_second_messages()
    phone = Client()
    phone.get(path_of(context_of("guardian_confirm")["confirm_url"]))
    phone.post(f"{page}confirm/")
    return browser, str(PendingChild.objects.get(state="agreed").pk)


def verify(child: Guardianship, field: str, value: str) -> None:
    mark_verified(add_contact_point(subject=child.subject, field=field, value=value))


def test_the_second_contact_point_is_not_the_childs_own():
    browser, number = agreed_by_second(CHILDS)
    refused = send(browser, number, phone=CHILDS)
    assert refused.status_code == 422
    assert "not that of the guardian" in refused.content.decode()
    assert not User.objects.exists()
    assert send(browser, number, phone=OTHER).status_code == 302
    # The form again, as if the number had been mistyped.
    assert send(browser, number, phone=CHILDS).status_code == 422


@pytest.mark.parametrize(("field", "value"), [("phone", CHILDS), ("email", "Parent+child@example.com")])
def test_a_child_does_not_verify_an_address_of_the_guardian_later(field: str, value: str):
    browser, number = agreed_by_second(CHILDS)
    send(browser, number, phone=OTHER)
    child = Guardianship.objects.get()
    with pytest.raises(ContactTaken):
        verify(child, field, value)
    verify(child, "email", "mia@example.org")


@pytest.mark.parametrize("is_verified", [False, True])
def test_a_child_is_not_invited(child: Guardianship, is_verified: bool):
    if is_verified:
        verify(child, "phone", CHILDS)
    answer = opened().post(page_of(child, "invite/"), {"address": CHILDS, "may_give": "on"})
    assert answer.status_code == 422
    assert "belongs to the child" in answer.content.decode()
    assert not PendingChild.objects.exists()


def test_a_guardians_second_contact_point_is_not_invited():
    browser, number = agreed_by_second(CHILDS)
    send(browser, number, phone=OTHER)
    answer = opened().post(page_of(Guardianship.objects.get(), "invite/"), {"address": CHILDS, "may_give": "on"})
    assert "the address of a guardian already" in answer.content.decode()
    assert not PendingChild.objects.exists()


def test_a_second_guardian_is_not_the_child_by_account_or_contact_point(child: Guardianship):
    verify(child, "email", "mia@example.org")
    waiting = invite_guardian(guardianship=child, address="second@example.com")
    with pytest.raises(OfTheChild):
        proving.agree_by_link(child=waiting, second=GuardianAddress("email", "mia+2@example.org", "en"))
    proving.agree_by_link(child=waiting)
    child.subject.created_at = timezone.now() - dt.timedelta(days=400)
    with pytest.raises(OfTheChild):
        proving.confirm_account(child=waiting, account=child.subject)
    assert Guardianship.objects.count() == 1


def test_what_becomes_the_childs_own_while_a_guardian_is_asked_is_no_proof(child: Guardianship):
    waiting = invite_guardian(guardianship=child, address="second@example.com")
    proving.agree_by_link(child=waiting)
    verify(child, "email", "second@example.com")
    with pytest.raises(OfTheChild):
        proving.confirm_document(child=waiting)
    assert Guardianship.objects.count() == 1
