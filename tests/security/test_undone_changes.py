"""Every change that signs in or recovers is told elsewhere, with a link that undoes it and locks the account."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.db.models import F
from django.test import Client

from accounts.models import Code, ContactPoint, SecurityChange, SecurityEvent, Session, User
from accounts.sign_in.change_notices import offer_undo
from accounts.sign_in.change_undo import UndoEnded, undo_changes
from accounts.sign_in.contact_points import add_contact_point, mark_verified, verified_contacts
from accounts.sign_in.epochs import BeginAgain
from accounts.sign_in.extracts import changes_told
from accounts.sign_in.sessions import change_password
from accounts.sign_in.tasks import remove_expired_sessions
from accounts.staff.people import person_of
from accounts.users.services import user_of_name
from privacy.erasure.services import cancel_account
from privacy.notices.models import Notice
from tests.app import App, registered
from tests.doors import app_code, client_of, newest_code
from tests.factories import PASSWORD, TOTP_SECRET, give_second_factor, make_person, make_policy, pass_time

pytestmark = pytest.mark.django_db
PHONE, OTHER_PHONE = "+4915123456789", "+4915123450001"
EMAIL, OTHER_EMAIL = "maria@example.com", "thief@example.org"
NEW = "Granite-Piano-River-77"
CHANGES = ("contact_changed", "password_changed", "security_changed")
SECURITY = "/settings/security/"


@pytest.fixture(autouse=True)
def _no_code_was_used():
    cache.clear()


# The library says only after the commit, still within the request, that a second factor changed.
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> User:
    return make_person(phone=PHONE)


@pytest.fixture
def with_email(person: User) -> User:
    mark_verified(add_contact_point(subject=person.subject, field="email", value=EMAIL))
    return person


def told() -> dict[str, dict[str, Any]]:
    """What the notices of changes say, by address."""
    notices = Notice.objects.filter(template__in=CHANGES).order_by("due_at")
    return {str(notice.address): json.loads(notice.context) | {"template": notice.template} for notice in notices}


def change_contact(client: Client, field: str, value: str) -> None:
    client.post(f"{SECURITY}{field}/", {"value": value})
    answer = client.post(f"{SECURITY}{field}/code/", {"code": newest_code()})
    assert answer.headers["Location"] == SECURITY


def signed_in_as(person: User) -> Client:
    """A browser in which somebody gave their password, and a code where they have an app, just now."""
    client = Client()
    answer = client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    if answer.headers["Location"] == "/sign-in/second-step/":
        client.post("/sign-in/second-step/", {"code": app_code()})
    return client


def set_up_app(client: Client) -> None:
    secret = re.search(r'<code id="secret">(\w+)</code>', client.get(f"{SECURITY}app/").content.decode())[1]
    client.post(f"{SECURITY}app/", {"code": app_code(secret)})


def path_of(url: str) -> str:
    return url.removeprefix("http://testserver")


def link_at(address: str) -> str:
    return path_of(told()[address]["undo_url"])


def undo(link: str) -> None:
    assert Client().post(link).headers["Location"] == "/recover/"


def contacts(person: User) -> set[str]:
    return {str(contact.value) for contact in verified_contacts(person.subject_id)}


def test_an_added_contact_point_is_told_at_the_one_that_was_there(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    assert set(told()) == {PHONE}
    words = told()[PHONE]
    assert (words["template"], words["what"]) == ("security_changed", "contact_added")
    assert words["undo_url"].startswith("http://testserver/undo/")


def test_an_added_contact_point_is_told_over_rest():
    make_policy("intl")
    app = registered()
    app.post("auth/again", {"password": "Lantern-Quartz-Orbit-51"})
    assert app.post("me/contacts/email", {"value": EMAIL}).status_code == 202
    assert app.post("me/contacts/email/verify", {"code": newest_code()}).status_code == 200
    assert told()[PHONE]["what"] == "contact_added"


def test_a_replaced_contact_point_is_told_at_its_old_value_and_at_the_others(with_email: User):
    change_contact(signed_in_as(with_email), "phone", OTHER_PHONE)
    assert {address: words["template"] for address, words in told().items()} == {
        PHONE: "contact_changed", EMAIL: "security_changed",
    }  # fmt: skip
    assert all(words["undo_url"] for words in told().values())


def test_a_new_username_is_told(signed_in: Client, person: User):
    form = {"username": "somebody_else", "name": "Maria Petrović", "country": "RS"}
    signed_in.post("/settings/profile/", form)
    assert told()[PHONE]["what"] == "username_changed"
    assert "username_changed" in SecurityEvent.objects.values_list("kind", flat=True)


def test_a_notice_says_when_on_which_device_and_until_when(signed_in: Client, person: User):
    headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}
    signed_in.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW}, headers=headers)
    words = told()[PHONE]
    assert words["device"] == "Firefox on Linux"
    until, at = dt.datetime.fromisoformat(words["undo_until"]), dt.datetime.fromisoformat(words["at"])
    assert until.tzinfo
    assert at.tzinfo
    assert dt.timedelta(hours=72) <= until - at < dt.timedelta(hours=72, minutes=2)


def test_the_database_holds_no_link(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    secret = link_at(PHONE).split("/")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_securitychange")
        kept = repr([[bytes(cell) if isinstance(cell, memoryview) else cell for cell in row] for row in cursor])
    assert secret not in kept
    assert PHONE not in kept


def test_opening_a_link_changes_nothing(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    for method in ("get", "head", "options"):
        getattr(Client(), method)(link_at(PHONE))
    page = Client().get(link_at(PHONE)).content.decode()
    assert "Phone number or e-mail address added" in page
    assert OTHER_EMAIL not in page
    assert contacts(person) == {PHONE, OTHER_EMAIL}
    assert signed_in.get("/home/").status_code == 200


def test_undoing_an_addition_removes_it_ends_the_sessions_and_locks_the_account(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    signed_in.post(f"{SECURITY}email/", {"value": "next@example.org"})
    undo(link_at(PHONE))
    assert contacts(person) == {PHONE}
    assert not ContactPoint.objects.filter(subject=person.subject, verified_at=None).exists()
    assert signed_in.get("/home/").status_code == 302
    assert not Session.objects.filter(subject=person.subject).exists()
    assert not Code.objects.filter(subject=person.subject).exists()
    person.refresh_from_db()
    assert person.locked_at is not None
    assert not person.has_usable_password()
    assert SecurityEvent.objects.filter(subject=person.subject, kind="change_undone").count() == 1
    assert set(Notice.objects.filter(template="change_undone").values_list("channel", flat=True)) == {"sms", "email"}


def test_undoing_restores_a_replaced_contact_point(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    undo(link_at(PHONE))
    assert contacts(person) == {PHONE}


def test_a_contact_point_that_somebody_else_verified_meanwhile_stays_theirs(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    other = make_person(phone=PHONE)
    undo(link_at(PHONE))
    assert contacts(person) == set()
    assert contacts(other) == {PHONE}


def test_undoing_the_first_change_undoes_what_followed(signed_in: Client, person: User):
    former = person.username
    change_contact(signed_in, "phone", OTHER_PHONE)
    first = link_at(PHONE)
    change_contact(signed_in, "email", OTHER_EMAIL)
    signed_in.post("/settings/profile/", {"username": "thief", "name": "Maria Petrović", "country": "RS"})
    change_contact(signed_in, "phone", "+4915123450002")
    give_second_factor(person)
    undo(first)
    assert contacts(person) == {PHONE}
    assert user_of_name(former) == person
    assert user_of_name("thief") is None
    assert not SecurityChange.objects.filter(undone_at=None).exists()


def test_undoing_a_later_change_keeps_the_earlier_ones(signed_in: Client, with_email: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    Notice.objects.all().delete()
    signed_in.post("/settings/profile/", {"username": "renamed", "name": "Maria Petrović", "country": "RS"})
    undo(link_at(EMAIL))
    assert contacts(with_email) == {OTHER_PHONE, EMAIL}


def added_before(browser: Client) -> str:
    """An intruder adds an e-mail address, then renames the account; return the link of the second change."""
    change_contact(browser, "email", OTHER_EMAIL)
    Notice.objects.all().delete()
    browser.post("/settings/profile/", {"username": "renamed", "name": "Maria Petrović", "country": "RS"})
    return link_at(PHONE)


def test_a_link_shows_which_ways_in_were_added_before_its_change(signed_in: Client, person: User):
    link = added_before(signed_in)
    page = Client().get(link).content.decode()
    assert "Phone number or e-mail address added" in page
    assert "Undo them, too" in page
    Client().post(link, {"and_earlier": "on"})
    assert contacts(person) == {PHONE}
    assert user_of_name("renamed") is None
    assert Client().get(link).status_code == 410


def test_a_link_without_a_way_in_before_it_asks_nothing_more(signed_in: Client, person: User):
    signed_in.post("/settings/profile/", {"username": "renamed", "name": "Maria Petrović", "country": "RS"})
    assert "Undo them, too" not in Client().get(link_at(PHONE)).content.decode()


def test_a_link_undoes_what_was_added_before_over_rest(signed_in: Client, person: User):
    secret = added_before(signed_in).split("/")[2]
    assert App().post("auth/undo", {"secret": secret, "and_earlier": True}).status_code == 204
    assert contacts(person) == {PHONE}


def test_a_contact_point_that_was_just_added_gets_no_link(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    signed_in.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW})
    assert told()[PHONE]["undo_url"]
    assert "undo_url" not in told()[OTHER_EMAIL]


def test_a_contact_point_that_was_just_added_gets_no_link_when_it_is_replaced(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    change_contact(signed_in, "email", EMAIL)
    assert told()[OTHER_EMAIL]["template"] == "contact_changed"
    assert "undo_url" not in told()[OTHER_EMAIL]


def test_a_contact_point_gets_links_once_its_own_addition_stands(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    SecurityChange.objects.update(undo_until=F("undo_until") - dt.timedelta(hours=73))
    signed_in.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW})
    assert told()[EMAIL]["undo_url"]


def test_a_link_works_once_and_for_72_hours(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    link = link_at(PHONE)
    SecurityChange.objects.update(undo_until=F("undo_until") - dt.timedelta(hours=72, seconds=1))
    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410
    SecurityChange.objects.update(undo_until=F("undo_until") + dt.timedelta(hours=72))
    undo(link)
    assert Client().post(link).status_code == 410
    assert Client().get("/undo/never-made/").status_code == 410


def test_a_link_is_removed_with_what_it_replaced_once_its_time_is_over(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    remove_expired_sessions()
    assert SecurityChange.objects.count() == 1
    SecurityChange.objects.update(undo_until=F("undo_until") - dt.timedelta(hours=73))
    remove_expired_sessions()
    assert not SecurityChange.objects.exists()


def test_nothing_but_a_recovery_code_opens_a_locked_account(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    undo(link_at(PHONE))
    app = App()
    assert app.sign_in(person.username, PASSWORD).json()["code"] == "wrong_credentials"
    app.post("auth/code", {"login": PHONE})
    refused = app.post("auth/code/confirm", {"code": newest_code("sign_in_code")})
    assert (refused.status_code, refused.json()["code"]) == (403, "account_locked")
    assert app.get("me").status_code == 401
    browser = Client()
    browser.post("/recover/", {"login": PHONE})
    browser.post("/recover/code/", {"code": newest_code("recovery_code")})
    browser.post("/recover/password/", {"password": NEW})
    assert App().sign_in(person.username, NEW).json()["signed_in"] is True


def test_a_request_that_began_before_the_lock_does_not_lift_it(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    read_before = User.objects.get(pk=person.pk)
    undo(link_at(PHONE))
    with pytest.raises(BeginAgain):
        change_password(user=read_before, password=NEW)
    person.refresh_from_db()
    assert person.locked_at is not None
    assert not person.has_usable_password()


def test_a_copy_tells_what_a_change_replaced(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    told_in_copy = list(changes_told(person.subject_id))
    assert [(row["kind"], row["value"]) for row in told_in_copy] == [("contact_changed", PHONE)]


def test_a_page_says_that_an_account_is_locked(client: Client, person: User):
    User.objects.filter(pk=person.pk).update(locked_at=dt.datetime.now(dt.UTC))
    answer = client.post("/sign-in/", {"login": person.username, "password": PASSWORD}, follow=True)
    assert "This account is locked" in answer.content.decode()
    assert client.get("/home/").status_code == 302


def test_a_session_of_a_locked_account_is_nobodys(signed_in: Client, person: User):
    User.objects.filter(pk=person.pk).update(locked_at=dt.datetime.now(dt.UTC))
    assert signed_in.get("/home/").status_code == 302


def test_a_sign_in_that_waits_at_the_second_step_does_not_pass_the_lock(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    give_second_factor(person)
    waiting = App()
    assert waiting.sign_in(person.username, PASSWORD).json()["next"] == "second_factor"
    undo(link_at(PHONE))
    assert waiting.post("auth/second-factor", {"code": app_code(TOTP_SECRET)}).status_code in (403, 409)
    assert waiting.get("me").status_code == 401


def test_staff_see_that_an_account_is_locked(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    undo(link_at(PHONE))
    person.refresh_from_db()
    assert "locked" in person_of(person).state


@commits
def test_an_added_app_is_removed_with_its_recovery_codes(signed_in: Client, person: User):
    set_up_app(signed_in)
    assert Authenticator.objects.filter(user=person).count() == 2
    undo(link_at(PHONE))
    assert not Authenticator.objects.filter(user=person).exists()


@commits
def test_a_removed_app_comes_back_in_place_of_the_one_that_followed(person: User):
    give_second_factor(person)
    client = signed_in_as(person)
    assert client.post(f"{SECURITY}app/remove/").status_code == 302
    link = link_at(PHONE)
    set_up_app(client)
    undo(link)
    app = Authenticator.objects.get(user=person)
    cache.clear()  # this code was used to sign in
    assert app.wrap().validate_code(app_code(TOTP_SECRET))


@commits
def test_a_removed_passkey_comes_back(person: User):
    passkey = Authenticator.objects.create(user=person, type="webauthn", data={"name": "Passkey 1", "credential": {}})
    client_of(person).post(f"{SECURITY}passkeys/{passkey.pk}/remove/")
    assert not Authenticator.objects.exists()
    undo(link_at(PHONE))
    assert Authenticator.objects.get().data == {"name": "Passkey 1", "credential": {}}


@commits
def test_new_recovery_codes_go_when_they_are_undone(person: User):
    give_second_factor(person)
    client = signed_in_as(person)
    client.post(f"{SECURITY}recovery-codes/new/")
    assert told()[PHONE]["what"] == "recovery_codes_made"
    undo(link_at(PHONE))
    assert [factor.type for factor in Authenticator.objects.filter(user=person)] == ["totp"]


def test_a_password_change_and_a_recovery_are_told_everywhere(with_email: User):
    change_password(user=with_email, password=NEW)
    assert {address: words["what"] for address, words in told().items()} == {PHONE: "recovered", EMAIL: "recovered"}


def test_a_link_is_used_over_rest(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    secret, app = link_at(PHONE).split("/")[2], App()
    assert app.post("auth/undo", {"secret": secret}).status_code == 204
    assert contacts(person) == {PHONE}
    again = app.post("auth/undo", {"secret": secret})
    assert (again.status_code, again.json()["code"]) == (410, "undo_ended")


def test_a_new_sign_in_can_be_undone(person: User, rf):
    client = signed_in_as(person)
    offer = offer_undo(subject=person.subject, kind=SecurityEvent.Kind.SIGNED_IN)
    assert offer.url == ""  # nobody's request: no address of this site is known
    offer.change.delete()
    client.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW})
    undo(link_at(PHONE))
    assert client.get("/home/").status_code == 302


def test_the_owner_who_opens_the_link_signed_in_is_led_to_recovery(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    answer = signed_in.post(link_at(PHONE), follow=True)
    assert answer.redirect_chain == [("/recover/", 302)]
    assert "Your account is locked" in answer.content.decode()


def test_a_change_can_be_undone_while_the_account_is_cancelled(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    link = link_at(PHONE)
    cancel_account(subject=person.subject)
    undo(link)
    assert contacts(person) == {PHONE}


def test_an_erasure_leaves_no_change(signed_in: Client, person: User, settings):
    from privacy.erasure.erasing import erase_due_accounts

    change_contact(signed_in, "phone", OTHER_PHONE)
    secret = link_at(PHONE).split("/")[2]
    pass_time(cancel_account(subject=person.subject), settings.COOLING_OFF)
    erase_due_accounts()
    assert not SecurityChange.objects.exists()
    with pytest.raises(UndoEnded):
        undo_changes(secret)
