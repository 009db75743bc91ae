"""The home page shows what needs the person, then every page of the account; so does the list of settings."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.contact_points.services import add_contact_point
from accounts.users.models import User
from portal.web.account_pages import account_pages
from privacy.operations.account_pages import AccountPage
from privacy.operations.collecting import declared
from tests.factories import make_policy, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db


def needed(client: Client) -> list[str]:
    return [str(page.state.step) for page in client.get("/home/").context["needed"]]


def test_nothing_needs_a_person_who_has_answered_everything(signed_in: Client):
    page = signed_in.get("/home/").content.decode()
    assert "Nothing needs you today." in page
    assert needed(signed_in) == []


def test_a_contact_point_that_waits_for_its_code_needs_the_person(signed_in: Client, person: User):
    add_contact_point(subject=person.subject, field="email", value="maria@example.org")
    page = signed_in.get("/home/").content.decode()
    assert needed(signed_in) == ["Verify: E-mail"]
    assert reverse("verify_changed_contact", args=["email"]) in page
    assert "maria@example.org is not verified" in page


def test_a_username_that_was_lost_needs_the_person(signed_in: Client, person: User):
    person.username_index = None
    person.save(update_fields=["username_index"])
    assert needed(signed_in) == ["Choose a username"]


def test_a_changed_policy_needs_an_answer_and_leads_to_the_gate(signed_in: Client):
    make_policy("intl")
    [page] = [page for page in signed_in.get("/settings/").context["account_pages"] if page.state.is_needed]
    assert page.step_url == reverse("consent_gate")


def test_every_declared_page_is_a_row_of_the_settings(signed_in: Client):
    answer = signed_in.get("/settings/")
    for each in declared(AccountPage):
        is_there = f'href="{reverse(each.url_name)}"' in answer.content.decode()
        assert is_there == each.for_person(answer.wsgi_request), each.url_name


def test_staff_have_no_page_to_cancel_their_account():
    client = client_of(make_staff())
    names = [page.declared.url_name for page in account_pages(client.get("/settings/").wsgi_request)]  # type: ignore[arg-type]
    assert names == ["preferences", "security", "devices", "my_requests", "copies", "accesses"]


def test_a_member_of_staff_who_registered_before_has_the_pages_of_a_person(signed_in: Client, person: User):
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    names = [page.declared.url_name for page in account_pages(signed_in.get("/settings/").wsgi_request)]  # type: ignore[arg-type]
    assert {"profile", "privacy_settings"} <= set(names)
    assert "cancel_account" not in names


def test_the_controller_of_the_persons_jurisdiction_is_first(signed_in: Client, client: Client):
    foot = signed_in.get("/home/").content.decode().partition("<footer")[2]
    assert foot.index("Beograd") < foot.index("Quectel Wireless")


@pytest.mark.parametrize(
    ("path", "current", "name"),
    [
        ("/settings/security/", "page", "Sign-in and security"),
        ("/settings/security/events/", "true", "Sign-in and security"),
        ("/settings/privacy/copy/", "page", "A copy of your data"),
        ("/settings/cancel/", "page", "Cancel account"),
    ],
)
def test_the_navigation_marks_one_section(signed_in: Client, path: str, current: str, name: str):
    side = signed_in.get(path).content.decode().partition('class="side"')[2].partition("</nav>")[0]
    assert side.count("aria-current") == 1
    marked = side.partition(f'aria-current="{current}"')[2].partition("</a>")[0]
    assert marked.endswith(name)
