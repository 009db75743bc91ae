"""Every change of sign-in or recovery sends a notice with a link that undoes it and locks the account."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test import Client

from accounts.contact_points.models import Code, ContactPoint
from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.security_events.copy_rows import change_rows
from accounts.security_events.models import SecurityChange, SecurityEvent
from accounts.security_events.tasks import remove_old_changes
from accounts.sessions.models import Session
from accounts.sessions.services import change_password
from accounts.sign_in.undo_change import UndoEnded, undo_changes
from accounts.users.models import User
from accounts.users.services import user_of_name
from privacy.erasure.services import cancel_account
from privacy.notices.models import Notice
from tests.app import App, registered
from tests.changes import SECURITY, change_contact, contacts, link_at, notices_by_address, signed_in_as, undo
from tests.factories import PASSWORD, give_second_factor, make_person, make_policy, pass_time
from tests.sign_in_clients import newest_code

pytestmark = pytest.mark.django_db
PHONE, OTHER_PHONE = "+4915123456789", "+4915123450001"
EMAIL, OTHER_EMAIL = "maria@example.com", "thief@example.org"
NEW = "Granite-Piano-River-77"


# The library says only after the commit, still within the request, that a second factor changed.
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> User:
    return make_person(phone=PHONE)


@pytest.fixture
def with_email(person: User) -> User:
    mark_verified(add_contact_point(subject=person.subject, field="email", value=EMAIL))
    return person


def test_an_added_contact_point_notifies_the_existing_one(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    assert set(notices_by_address()) == {PHONE}
    words = notices_by_address()[PHONE]
    assert (words["template"], words["what"]) == ("security_changed", "contact_added")
    assert words["undo_url"].startswith(f"{settings.SITE_URL}/undo/")


def test_an_added_contact_point_over_rest_sends_a_notice():
    make_policy("intl")
    app = registered()
    app.post("auth/again", {"password": "Lantern-Quartz-Orbit-51"})
    assert app.post("me/contacts/email", {"value": EMAIL}).status_code == 202
    assert app.post("me/contacts/email/verify", {"code": newest_code()}).status_code == 200
    assert notices_by_address()[PHONE]["what"] == "contact_added"


def test_a_replaced_contact_point_notifies_its_old_value_and_the_others(with_email: User):
    change_contact(signed_in_as(with_email), "phone", OTHER_PHONE)
    assert {address: words["template"] for address, words in notices_by_address().items()} == {
        PHONE: "contact_changed", EMAIL: "security_changed",
    }  # fmt: skip
    assert all(words["undo_url"] for words in notices_by_address().values())


def test_a_new_username_sends_a_notice(signed_in: Client, person: User):
    form = {"username": "somebody_else", "name": "Maria Petrović", "country": "RS"}
    signed_in.post("/settings/profile/", form)
    assert notices_by_address()[PHONE]["what"] == "username_changed"
    assert "username_changed" in SecurityEvent.objects.values_list("kind", flat=True)


def test_a_notice_says_when_on_which_device_and_until_when(signed_in: Client, person: User):
    headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"}
    signed_in.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW}, headers=headers)
    words = notices_by_address()[PHONE]
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


def test_a_contact_point_verified_by_another_person_meanwhile_is_not_restored(signed_in: Client, person: User):
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
    assert "Undo all of them" in page
    Client().post(link, {"and_earlier": "on"})
    assert contacts(person) == {PHONE}
    assert user_of_name("renamed") is None
    assert Client().get(link).status_code == 410


def test_a_link_without_a_way_in_before_it_asks_nothing_more(signed_in: Client, person: User):
    signed_in.post("/settings/profile/", {"username": "renamed", "name": "Maria Petrović", "country": "RS"})
    assert "Undo all of them" not in Client().get(link_at(PHONE)).content.decode()


def test_a_link_undoes_what_was_added_before_over_rest(signed_in: Client, person: User):
    secret = added_before(signed_in).split("/")[2]
    assert App().post("auth/undo", {"secret": secret, "and_earlier": True}).status_code == 204
    assert contacts(person) == {PHONE}


def test_a_contact_point_that_was_just_added_gets_no_link(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    signed_in.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW})
    assert notices_by_address()[PHONE]["undo_url"]
    assert "undo_url" not in notices_by_address()[OTHER_EMAIL]


def test_a_contact_point_that_was_just_added_gets_no_link_when_it_is_replaced(signed_in: Client, person: User):
    change_contact(signed_in, "email", OTHER_EMAIL)
    change_contact(signed_in, "email", EMAIL)
    assert notices_by_address()[OTHER_EMAIL]["template"] == "contact_changed"
    assert "undo_url" not in notices_by_address()[OTHER_EMAIL]


def test_a_contact_point_gets_links_after_its_addition_can_no_longer_be_undone(signed_in: Client, person: User):
    change_contact(signed_in, "email", EMAIL)
    SecurityChange.objects.update(undo_until=F("undo_until") - dt.timedelta(hours=73))
    signed_in.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW})
    assert notices_by_address()[EMAIL]["undo_url"]


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
    remove_old_changes()
    assert SecurityChange.objects.count() == 1
    SecurityChange.objects.update(undo_until=F("undo_until") - dt.timedelta(hours=73))
    remove_old_changes()
    assert not SecurityChange.objects.exists()


def test_a_copy_contains_the_values_that_a_change_replaced(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    told_in_copy = list(change_rows(person.subject_id))
    assert [(row["kind"], row["former_contact"]) for row in told_in_copy] == [("contact_changed", PHONE)]


def test_a_password_change_and_a_recovery_notify_every_contact_point(with_email: User):
    change_password(user=with_email, password=NEW)
    assert {address: words["what"] for address, words in notices_by_address().items()} == {
        PHONE: "recovered",
        EMAIL: "recovered",
    }


def test_a_link_is_used_over_rest(signed_in: Client, person: User):
    change_contact(signed_in, "phone", OTHER_PHONE)
    secret, app = link_at(PHONE).split("/")[2], App()
    assert app.post("auth/undo", {"secret": secret}).status_code == 204
    assert contacts(person) == {PHONE}
    again = app.post("auth/undo", {"secret": secret})
    assert (again.status_code, again.json()["code"]) == (410, "undo_ended")


def test_a_new_sign_in_can_be_undone(person: User):
    client = signed_in_as(person)
    client.post(f"{SECURITY}password/", {"current": PASSWORD, "password": NEW})
    undo(link_at(PHONE))
    assert client.get("/home/").status_code == 302


def test_an_erasure_leaves_no_change(signed_in: Client, person: User, settings):
    from privacy.erasure.erasing import erase_due_accounts

    change_contact(signed_in, "phone", OTHER_PHONE)
    secret = link_at(PHONE).split("/")[2]
    pass_time(cancel_account(subject=person.subject), settings.COOLING_OFF)
    erase_due_accounts()
    assert not SecurityChange.objects.exists()
    with pytest.raises(UndoEnded):
        undo_changes(secret)
