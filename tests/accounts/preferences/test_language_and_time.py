"""A person chooses language and time format once: for pages on every device, for messages, over REST, in a copy."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.profiles.services import correct_profile
from accounts.security_events.models import SecurityEvent
from accounts.security_events.notices import notify_change
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.notices.delivery import deliver
from privacy.notices.models import Notice
from tests.app import App, registered
from tests.copies import document_of
from tests.factories import PASSWORD, make_person, make_policy, make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db

PAGE = "/settings/preferences/"
AFTERNOON = dt.datetime(2026, 11, 29, 18, 15, tzinfo=dt.UTC)


def choose(client: Client, language: str = "en", time_format: str = "") -> str:
    response = client.post(PAGE, {"language": language, "time_format": time_format}, follow=True)
    return response.content.decode()


def an_event_at(person: User, at: dt.datetime = AFTERNOON) -> None:
    SecurityEvent.objects.create(subject_id=person.subject_id, kind=SecurityEvent.Kind.SIGNED_IN, at=at, device="Mac")


def events_page(client: Client) -> str:
    return client.get("/settings/security/events/").content.decode()


def test_a_language_chosen_once_is_used_on_another_device(person: User, signed_in: Client):
    assert "已保存" in choose(signed_in, "zh-hans")
    other = Client(headers={"accept-language": "en"})
    assert 'lang="en"' in other.get("/sign-in/").content.decode()
    other.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    page = other.get("/home/")
    assert '<html lang="zh-hans">' in page.content.decode()
    assert page["Content-Language"] == "zh-hans"


def test_without_a_choice_pages_follow_the_browser(person: User):
    browser = client_of(person)
    assert '<html lang="zh-hans">' in browser.get("/home/", headers={"accept-language": "zh-CN"}).content.decode()
    assert '<html lang="en">' in browser.get("/home/", headers={"accept-language": "en"}).content.decode()


def test_the_switch_in_the_head_of_a_page_stores_the_same_choice(person: User, signed_in: Client):
    response = signed_in.post("/language/", {"language": "zh-hans", "next": "/home/"})
    assert response["Location"] == "/home/"
    person.refresh_from_db()
    assert person.language == "zh-hans"


def test_so_does_the_switch_of_a_long_form_which_keeps_what_was_typed(person: User, signed_in: Client):
    typed = {"switch_language": "zh-hans", "name": "Not saved yet"}
    assert "Not saved yet" in signed_in.post("/settings/profile/", typed).content.decode()
    person.refresh_from_db()
    assert person.language == "zh-hans"


@pytest.mark.parametrize("language", ["de", "", "zh-hans'--"])
def test_a_language_that_the_portal_lacks_is_refused_and_nothing_stored(person: User, signed_in: Client, language: str):
    signed_in.post("/language/", {"language": language})
    page = signed_in.post(PAGE, {"language": language, "time_format": "24"}).content.decode()
    assert "There is a problem" in page
    person.refresh_from_db()
    assert (person.language, person.time_format) == (None, None)


def test_an_unknown_time_format_is_refused(person: User, signed_in: Client):
    assert "There is a problem" in choose(signed_in, time_format="13")
    person.refresh_from_db()
    assert person.time_format is None


def test_a_visitor_switches_the_language_of_this_browser_only(client: Client):
    client.post("/language/", {"language": "zh-hans"})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("language", "time_format", "shown"),
    [
        ("en", "", "Nov. 29, 2026, 6:15 p.m."),
        ("en", "12", "Nov. 29, 2026, 6:15 p.m."),
        ("en", "24", "Nov. 29, 2026, 18:15"),
        ("zh-hans", "", "2026年11月29日 18:15"),
        ("zh-hans", "12", "2026年11月29日 下午6:15"),
        ("zh-hans", "24", "2026年11月29日 18:15"),
    ],
)
def test_times_are_shown_in_the_chosen_format(
    person: User, signed_in: Client, language: str, time_format: str, shown: str
):
    an_event_at(person)
    choose(signed_in, language, time_format)
    assert f">{shown}</time>" in events_page(signed_in)


def test_the_choice_of_one_person_does_not_reach_the_next_request_of_another(person: User, signed_in: Client):
    other = make_person()
    an_event_at(other)
    choose(signed_in, "en", "24")
    assert "6:15 p.m." in events_page(client_of(other))


def test_the_format_goes_with_the_time_zone(person: User, signed_in: Client):
    an_event_at(person)
    correct_profile(subject=person.subject, values={"time_zone": "Asia/Shanghai"})
    choose(signed_in, "en", "24")
    assert "Nov. 30, 2026, 02:15" in events_page(client_of(person))


def message_about(person: User) -> Notice:
    notify_change(subject=person.subject, kind=SecurityEvent.Kind.PASSWORD_CHANGED)
    return Notice.objects.get(subject_id=person.subject_id, template="password_changed")


def test_a_message_is_in_the_chosen_language_and_format_even_if_queued_in_another(
    person: User, signed_in: Client, mailoutbox: list
):
    choose(signed_in, "zh-hans", "12")
    notice = message_about(person)
    notice.channel, notice.address = Notice.Channel.EMAIL, "person@example.com"
    at = AFTERNOON.isoformat()
    context = {"jurisdiction": "intl", "what": "password_changed", "at": at, "device": "Mac", "undo_url": "https://x/"}
    deliver(notice, context | {"undo_until": at})
    assert notice.language == "zh-hans"
    assert "2026年11月29日 下午6:15 UTC" in mailoutbox[0].body


def test_without_a_choice_a_message_keeps_the_language_in_which_it_was_queued(person: User, mailoutbox: list):
    notice = message_about(person)
    notice.channel, notice.address = Notice.Channel.EMAIL, "person@example.com"
    at = AFTERNOON.isoformat()
    deliver(notice, {"jurisdiction": "intl", "what": "password_changed", "at": at, "device": "Mac"})
    assert notice.language == "en"
    assert "Nov. 29, 2026, 6:15 p.m. UTC" in mailoutbox[0].body


def test_a_message_outside_of_a_request_is_queued_in_the_chosen_language(person: User, signed_in: Client):
    from privacy.consent.queries import language_of

    assert language_of(person.subject_id) == "en"
    choose(signed_in, "zh-hans")
    assert language_of(person.subject_id) == "zh-hans"


def test_an_app_reads_and_changes_both_and_its_answers_follow_its_own_request():
    make_policy("intl")
    app = registered("DE")
    assert app.get("me/preferences").json() == {"language": None, "time_format": None}
    changed = app.send("PATCH", "me/preferences", {"language": "zh-hans"})
    assert changed.json() == {"language": "zh-hans", "time_format": None}
    assert app.send("PATCH", "me/preferences", {"time_format": "24"}).json()["language"] == "zh-hans"
    refused = app.send("PATCH", "me/preferences", {"language": "de", "time_format": 12, "theme": "dark"}).json()
    assert refused["errors"].keys() == {"language", "time_format", "theme"}
    assert refused["title"].isascii()
    assert app.send("PATCH", "me/preferences", {"language": None, "time_format": None}).json() == {
        "language": None,
        "time_format": None,
    }
    assert App().get("me/preferences").status_code == 401


def test_staff_choose_too(client: Client):
    staff = client_of(make_staff())
    assert "已保存" in choose(staff, "zh-hans", "24")
    assert '<html lang="zh-hans"' in staff.get("/admin/", follow=True).content.decode()


def test_a_copy_has_both(person: User, signed_in: Client):
    choose(signed_in, "zh-hans", "24")
    [account] = document_of(person.subject)["records"]["account"]
    assert (account["language"], account["time_format"]) == ("zh-hans", "24")


def test_the_page_has_an_example_of_each_format(signed_in: Client):
    page = signed_in.get(PAGE).content.decode()
    assert "24 hours, such as 18:15" in page
    assert "12 hours, such as 6:15 p.m." in page
    assert '<span lang="zh-hans">简体中文</span>' in page
    assert timezone.get_current_timezone_name() in page


def test_a_person_who_cancelled_reads_the_end_in_their_time_format(person: User):
    person.time_format = "24"
    person.save(update_fields=["time_format"])
    case = cancel_account(subject=person.subject)
    ErasureCase.objects.update(due_at=case.due_at.replace(hour=18, minute=15))
    page = Client().post("/sign-in/", {"login": person.username, "password": PASSWORD}, follow=True).content.decode()
    assert "18:15" in page.partition("You can keep the account until")[2][:40]
