"""A child names a guardian; the guardian reads, and agrees or refuses; without an answer, nothing is left."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client

from accounts.users.models import User
from privacy.encryption.models import DataKey
from privacy.guardians import proving, services
from privacy.guardians.ages import Age
from privacy.guardians.models.pending import GuardianLink, PendingChild
from privacy.guardians.models.records import GuardianRecord
from privacy.guardians.orphaned_keys import destroy_orphaned_keys
from privacy.guardians.services import GuardianAddress, ask_guardian
from privacy.notices import limits
from privacy.notices.limits import MessagePurpose
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject
from tests.app import App
from tests.factories import make_policy
from tests.guardians import CHILD, GUARDIAN, ask, context_of, guardian, later, path_of
from tests.sign_in_clients import registration_step

SURE = {"is_sure": "yes"}


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")
    make_policy("intl", label="1", language="zh-hans", text="全文。")


def usable_keys() -> int:
    return DataKey.objects.filter(destroyed_at__isnull=True).count()


def stored_text() -> str:
    """Return every row of the tables of this package and of messages, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in ("privacy_pendingchild", "privacy_guardianlink", "privacy_guardianrecord", "privacy_notice"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - the names above
            found += [bytes(v) if isinstance(v, memoryview) else v for row in cursor.fetchall() for v in row]
    return repr(found)


def test_a_child_gives_one_address_and_nothing_else_is_stored():
    ask()
    child = PendingChild.objects.get()
    assert (child.address, child.called, child.reached_on) == (GUARDIAN, "Mia", dt.date(2030, 5, 31))
    assert not User.objects.exists()
    assert not DataSubject.objects.exists()
    assert not [secret for secret in (GUARDIAN, "Mia", "2030-05", "2014") if secret in stored_text()]
    assert Notice.objects.get().template == "guardian_asked"


def test_the_message_has_the_nine_parts_and_both_answers_alike():
    ask()
    context = context_of()
    for title in (
        *("Purpose", "What data, and how", "Where it is stored", "How long we keep it", "How we protect it"),
        *("If you refuse", "How to complain", "How to correct or delete", "Your choice"),
    ):
        assert f"{title}\n" in context["parts"]
    assert "Die Bundesbeauftragte für den Datenschutz" in context["parts"]
    assert context["agree_url"].removesuffix("agree/") == context["refuse_url"].removesuffix("refuse/")


def test_the_message_is_in_the_language_of_the_guardian():
    ask(message_language="zh-hans")
    assert "监护" in context_of()["parts"]
    assert PendingChild.objects.get().language == "zh-hans"


def test_opening_a_link_changes_nothing_and_agreeing_needs_a_post_and_a_tick():
    ask()
    browser, page = guardian()
    shown = browser.get(page).content.decode()
    assert shown.count('<button class="button">') == 2
    assert browser.get(f"{page}agree/").status_code == 405
    assert browser.get(f"{page}refuse/").status_code == 405
    assert browser.post(f"{page}agree/").status_code == 422
    assert PendingChild.objects.get().state == "asked"
    assert browser.post(f"{page}agree/", {"is_guardian": "on"})["Location"] == page
    assert PendingChild.objects.get().state == "proving"
    assert "One more proof" in browser.get(page).content.decode()


def test_a_refusal_is_asked_once_more_before_it_ends_everything():
    ask()
    browser, page = guardian("refuse")
    asked = browser.post(f"{page}refuse/")
    assert "This cannot be undone" in asked.content.decode()
    assert PendingChild.objects.exists()
    assert browser.post(f"{page}refuse/", SURE)["Location"] == "/guardians/refused/"


def test_the_page_says_that_the_second_contact_point_is_optional_what_is_saved_and_what_comes_next():
    ask()
    browser, page = guardian()
    assert "Optional: leave it empty" in browser.get(page).content.decode()
    browser.post(f"{page}agree/", {"is_guardian": "on", "contact": "second@example.org"})
    shown = browser.get(page).content.decode()
    assert "Saved: s•••••@example.org. We write to it on" in shown
    assert "second@example.org" not in shown
    assert "Save instead of the first one" in shown


def test_an_agreement_is_evidence_without_a_name():
    ask()
    browser, page = guardian()
    browser.post(f"{page}agree/", {"is_guardian": "on"})
    assert not GuardianRecord.objects.exists()
    proving.confirm_document(child=PendingChild.objects.get())
    with pytest.raises(services.AlreadyAnswered):
        proving.confirm_document(child=PendingChild.objects.get())
    record = GuardianRecord.objects.get()
    assert (record.act, record.country, record.age, record.proof) == ("agreed", "DE", 16, ["link", "document"])
    assert len(record.shown) == len(record.policy) == 64
    assert record.hash == record.compute_hash()
    services.refuse(child=PendingChild.objects.get())
    assert GuardianRecord.objects.count() == 1
    assert not [secret for secret in (GUARDIAN, "Mia", "2014") if secret in stored_text()]


def test_the_childs_own_browser_cannot_agree():
    child = ask()
    page = child.get(path_of(context_of()["agree_url"]))["Location"].partition("#")[0]
    refused = child.post(f"{page}agree/", {"is_guardian": "on"})
    assert refused.status_code == 422
    assert "on a device of your own" in refused.content.decode()
    assert PendingChild.objects.get().state == "asked"


@pytest.mark.django_db(transaction=True, databases=["default", "keys"])
def test_a_refusal_leaves_nothing_at_once():
    before = usable_keys()
    ask()
    browser, page = guardian("refuse")
    assert browser.post(f"{page}refuse/", SURE)["Location"] == "/guardians/refused/"
    assert not PendingChild.objects.exists()
    assert not GuardianLink.objects.exists()
    assert not GuardianRecord.objects.exists()
    assert not Notice.objects.exists()
    assert usable_keys() == before
    assert browser.get(page).status_code == 404


def test_without_an_answer_the_guardian_is_reminded_twice_and_then_nothing_is_left():
    ask()
    first = context_of()
    assert services.remind_guardians() == 0
    for days in (2, 3):
        later(days=days)
        assert services.remind_guardians() == 1
        assert services.remind_guardians() == 0
    assert Notice.objects.filter(template="guardian_reminded").count() == 2
    _browser, page = guardian(context=first)
    assert _browser.get(page).status_code == 200
    assert services.delete_ended_children() == 0
    later(days=2)
    assert _browser.get(page).status_code == 410
    assert services.delete_ended_children() == 1
    assert not PendingChild.objects.exists()
    assert not GuardianLink.objects.exists()
    assert not Notice.objects.exists()
    assert not GuardianRecord.objects.exists()
    assert Client().get(path_of(first["agree_url"])).status_code == 410


def test_a_link_opens_one_child_only():
    ask()
    first = PendingChild.objects.get()
    browser, page = guardian()
    ask(contact="other@example.com")
    other = PendingChild.objects.exclude(pk=first.pk).get()
    for act in ("", "agree/", "refuse/"):
        swapped = page.replace(str(first.pk), str(other.pk)) + act
        assert browser.generic("POST" if act else "GET", swapped).status_code == 404
    assert PendingChild.objects.filter(state="asked").count() == 2


def test_an_unknown_link_and_one_that_ended_look_alike():
    unknown = Client().get("/guardians/link/nothing/agree/")
    ask()
    browser, page = guardian("refuse")
    used = path_of(context_of()["refuse_url"])
    browser.post(f"{page}refuse/", SURE)
    ended = Client().get(used)
    assert unknown.status_code == ended.status_code == 410
    strip = re.compile(rb'nonce="[^"]*"|value="[^"]*"')
    assert strip.sub(b"", unknown.content) == strip.sub(b"", ended.content)


@pytest.mark.parametrize(
    "called", ["https://evil.example", "Visit evil.example now", "a@b", "Call +49 151", "x" * 41, "You won! Click"]
)
def test_no_words_of_a_stranger_are_in_our_message(called: str):
    browser = Client()
    page = registration_step(browser, "you", **CHILD).content.decode()
    signed = re.search(r'name="age" value="([^"]+)"', page)[1]
    answer = browser.post(
        "/guardians/", {"contact": GUARDIAN, "called": called, "message_language": "en", "age": signed}
    )
    assert answer.status_code == 422
    assert not PendingChild.objects.exists()


@pytest.mark.parametrize("called", ["Mia", "李小明", "Jean-Luc", "O'Neil", "Anna Maria", ""])
def test_names_of_many_languages_are_taken(called: str):
    ask(called=called)
    assert (PendingChild.objects.get().called or "") == called


def test_a_forged_day_of_age_begins_again():
    browser = Client()
    answer = browser.post("/guardians/", {"contact": GUARDIAN, "message_language": "en", "age": "forged"})
    assert answer["Location"] == "/register/"
    assert not PendingChild.objects.exists()


def test_an_app_names_a_guardian_over_rest():
    body = {
        "country": "DE",
        "birth_month": {"year": 2014, "month": 5},
        "contact": {"phone": "+4915123456789"},
        "language": "en",
    }
    app = App()
    answer = app.post("guardians", body)
    assert answer.status_code == 202, answer.content
    assert answer.json().keys() == {"expires_at"}
    assert PendingChild.objects.get().channel == "sms"
    grown_up = app.post("guardians", body | {"birth_month": {"year": 1990, "month": 5}})
    assert (grown_up.status_code, grown_up.json()["code"]) == (409, "guardian_not_needed")
    for wrong, path in (
        ({"contact": {}}, "contact"),
        ({"contact": {"email": "no address"}}, "contact.email"),
        ({"called": "http://evil.example"}, "called"),
        ({"country": "XX"}, "country"),
        ({"birth_month": {"year": 2999, "month": 5}}, "birth_month.year"),
    ):
        refused = app.post("guardians", body | wrong)
        assert refused.status_code == 422, refused.content
        assert path in refused.json()["errors"]


def asked_over_rest(network: str, **said: str):
    """Name a guardian from a network, with an app."""
    app = App()
    app.client = Client(REMOTE_ADDR=network)
    birth = {"year": 2014, "month": 5}
    body = {"country": "DE", "birth_month": birth, "contact": {"email": GUARDIAN}, "language": "en"}
    return app.post("guardians", body | said)


@pytest.mark.usefixtures("limits_on")
def test_a_child_whose_guardian_was_asked_too_often_is_told_so():
    """Strangers in many networks use up what one address may be asked; nothing is answered that is not so."""
    addresses = [GUARDIAN, "Parent+1@example.com", GUARDIAN, GUARDIAN, GUARDIAN, GUARDIAN]
    answers = [
        asked_over_rest(f"10.1.{number}.1", contact={"email": address}) for number, address in enumerate(addresses)
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429, 429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert PendingChild.objects.count() == Notice.objects.filter(state="queued").count() == 3
    assert asked_over_rest("10.2.2.2", contact={"email": "other@example.com"}).status_code == 202


@pytest.mark.usefixtures("limits_on")
def test_a_child_whose_message_is_beyond_another_limit_is_told_so(monkeypatch):
    monkeypatch.setitem(limits.LIMITS, MessagePurpose.ORDINARY, {"address": (1, 1)})
    assert asked_over_rest("10.1.1.1").status_code == 202
    assert asked_over_rest("10.1.1.2", called="Ben").status_code == 429
    assert PendingChild.objects.count() == 1


def test_a_key_without_its_child_is_destroyed():
    child = ask_guardian(age=Age("DE", dt.date(2030, 5, 31)), guardian=GuardianAddress("email", GUARDIAN, "en"))
    DataKey.objects.update(created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert destroy_orphaned_keys() == 0
    PendingChild.objects.filter(pk=child.pk).delete()
    assert destroy_orphaned_keys() == 1
