"""Second factors of staff are removed by two administrators; the page shows who proposed and who vouched."""

import pytest
from allauth.mfa.models import Authenticator

from accounts.security_events.models import SecurityEvent
from accounts.staff.models import StaffProposal
from tests.accounts.staff.resets.steps import PHONE, said
from tests.administrators import STAFF_PAGE, with_phone
from tests.factories import make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db


def test_two_administrators_remove_the_lost_factors_of_a_third():
    first, second, member = make_staff(username="first"), make_staff(username="second"), make_staff("Support")
    client_of(first).post(f"{STAFF_PAGE}{member.pk}/propose/", {"act": "end_factors"})
    proposal = StaffProposal.objects.get()
    client_of(second).post(f"{STAFF_PAGE}{proposal.pk}/confirm/")
    assert not Authenticator.objects.filter(user=member).exists()
    assert SecurityEvent.objects.filter(subject=member.subject, kind="factors_reset").exists()


def test_no_administrator_does_it_to_their_own_account():
    first, second = make_staff(username="first"), make_staff(username="second")
    page = client_of(first).post(f"{STAFF_PAGE}{first.pk}/propose/", {"act": "end_factors"}, follow=True)
    assert "Two other administrators must do this" in said(page)
    client_of(second).post(f"{STAFF_PAGE}{first.pk}/propose/", {"act": "end_factors"})
    page = client_of(first).post(f"{STAFF_PAGE}{StaffProposal.objects.get().pk}/confirm/", follow=True)
    assert "Two other administrators must do this" in said(page)
    assert Authenticator.objects.filter(user=first).exists()


def test_the_page_of_staff_accounts_shows_the_proposer():
    first, member = make_staff(username="first"), make_staff("Support", username="member")
    client_of(first).post(f"{STAFF_PAGE}{member.pk}/propose/", {"act": "end_sessions"})
    page = said(client_of(make_staff(username="second")).get(STAFF_PAGE))
    assert "<td>first<br>" in page


def test_the_page_of_staff_accounts_shows_who_vouched():
    first, member = with_phone(make_staff(username="first"), PHONE), make_staff(username="member", vouched=False)
    page = said(client_of(first).get(STAFF_PAGE))
    assert "not known" in page
    assert "first vouched" not in page
    page = said(client_of(first).post(f"{STAFF_PAGE}{member.pk}/vouch/", {"known": "on"}, follow=True))
    assert "first vouched" in page
    client_of(make_staff(username="third")).get(STAFF_PAGE)
    assert "administrator vouched" in said(client_of(first).get(STAFF_PAGE))
