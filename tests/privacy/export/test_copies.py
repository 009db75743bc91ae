"""A copy holds everything, is made by a worker, sealed, for its owner only, and deleted after seven days."""

import json
from datetime import timedelta

import jsonschema
import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.contact_points.codes import send_code
from accounts.contact_points.models import ContactPoint
from accounts.users.models import User
from privacy.encryption.keys import destroy_keys
from privacy.erasure.services import cancel_account
from privacy.export import services
from privacy.export.models import DataCopy
from privacy.export.schema import copy_schema
from privacy.export.services import forget_expired_copies, make_copy, make_due_copies, request_copy
from privacy.notices.models import Notice
from privacy.subjects.models import DataSubject
from tests.app import App, registered
from tests.copies import ready_copy
from tests.factories import PASSWORD, TOTP_SECRET, give_second_factor, make_person, make_policy, make_staff
from tests.sign_in_clients import client_of, newest_code, register
from tests.traces import traces

pytestmark = pytest.mark.django_db
ENTERPRISE = {
    "name": "Zoltán Quillfeather", "username": "quillfeather", "phone": "+4915123456789",
    "company_name": "Quill Trading", "country": "AE", "time_zone": "Asia/Dubai",
    "enterprise_name": "Quillworks GmbH", "registration_number": "REG-4477-Q",
    "business_period_start": "2001-02-03", "business_period_end": "2041-02-03",
    "business_area": "Feathers and ink", "business_address": "Federgasse 7, Berlin",
    "enterprise_email": "office@quillworks.example",
}  # fmt: skip


@pytest.fixture
def person() -> User:
    make_policy("intl")
    return make_person()


def test_a_copy_holds_every_declared_field_and_follows_its_schema(client):
    make_policy("intl")
    register(client, kind="enterprise", **ENTERPRISE)
    client.post("/sign-in/verify/", {"code": newest_code()})
    copy = ready_copy(DataSubject.objects.get())
    text = str(copy.document)
    for key, value in ENTERPRISE.items():
        assert value in text or value.replace(" ", "") in text.replace(" ", ""), key
    document = json.loads(text)
    jsonschema.validate(document, copy_schema())
    assert document["consent_receipts"][0]["event"][0]["event_type"] == "registered"
    assert set(document["fields"]) >= set(ENTERPRISE)
    assert "argon2" not in text


def test_a_copy_contains_sessions_and_second_factors_as_settings_show_them_without_secrets(person):
    give_second_factor(person)
    signed_in = client_of(person)
    text = str(ready_copy(person.subject).document)
    records = json.loads(text)["records"]
    session, factor = records["sessions"][0], records["second_factors"][0]
    assert session.keys() == {"name", "device", "signed_in_at", "last_used_at", "ends_at"}
    assert session["device"] == "Unknown device"
    assert (factor["type"], factor.keys()) == ("totp", {"type", "name", "device", "created_at", "last_used_at"})
    assert signed_in.session.session_key not in text
    assert TOTP_SECRET not in text
    jsonschema.validate(json.loads(text), copy_schema())


def test_a_copy_is_ciphertext_in_the_database(person):
    copy = ready_copy(person.subject)
    with connection.cursor() as cursor:
        cursor.execute("SELECT document FROM privacy_datacopy")
        raw = bytes(cursor.fetchone()[0])
    assert "Maria" in str(copy.document)
    assert not traces([("row", raw)], ["Maria Petrović", person.username])


def test_a_code_on_its_way_is_in_no_copy(person):
    contact = ContactPoint.objects.get(subject=person.subject)
    send_code(contact, epoch=0, language="en")
    digits = newest_code()
    notice = Notice.objects.get(template="verification_code")
    destroy_keys([notice.pk])  # sent, and the worker died before it noted that
    copy = ready_copy(person.subject)
    messages = json.loads(str(copy.document))["records"]["messages"]
    assert digits not in json.dumps(messages)
    assert {"about", "channel"} <= set(messages[0])
    assert {"address", "context"}.isdisjoint(messages[0])


def test_asking_twice_makes_one(person):
    assert request_copy(subject=person.subject).pk == request_copy(subject=person.subject).pk
    assert make_due_copies() == 1
    assert make_due_copies() == 0


def test_a_worker_that_died_gives_the_copy_back(person):
    copy = request_copy(subject=person.subject)
    services._claim(copy.pk)
    assert make_due_copies() == 0
    DataCopy.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert make_due_copies() == 1


def test_progress_is_seen_while_records_are_gathered(person, monkeypatch):
    seen = []
    store = services._store_progress
    monkeypatch.setattr(services, "_store_progress", lambda *given: (seen.append(given[1:]), store(*given)))
    copy = ready_copy(person.subject)
    assert [done for done, _total in seen] == list(range(len(seen)))
    assert (copy.done, copy.total) == (len(seen), seen[0][1])


def test_a_copy_that_cannot_be_made_is_tried_again_and_then_given_up(person, monkeypatch):
    def broken(*_given, **_named):
        raise RuntimeError("Maria Petrović")

    monkeypatch.setattr(services, "gather", broken)
    copy = request_copy(subject=person.subject)
    for attempt in range(1, services.MOST_ATTEMPTS + 1):
        assert not make_copy(copy.pk)
        copy.refresh_from_db()
        assert (copy.attempts, copy.last_failure) == (attempt, "RuntimeError")
        DataCopy.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert copy.state == "failed"


def test_a_copy_is_deleted_after_seven_days(person):
    copy = ready_copy(person.subject)
    assert timedelta(days=6, hours=23) < copy.expires_at - timezone.now() <= timedelta(days=7)
    assert forget_expired_copies() == 0
    DataCopy.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert forget_expired_copies() == 1
    copy.refresh_from_db()
    assert (copy.state, copy.document) == ("forgotten", None)


@pytest.mark.postgres
@pytest.mark.parametrize("hours", [48, -48])
def test_a_worker_s_wrong_clock_keeps_no_copy_longer_or_shorter(person, monkeypatch, hours):
    now, copy = timezone.now(), request_copy(subject=person.subject)
    with monkeypatch.context() as wrong:
        wrong.setattr(timezone, "now", lambda: now + timedelta(hours=hours))
        assert make_copy(copy.pk)
    copy.refresh_from_db()
    assert timedelta(days=6, hours=23) < copy.expires_at - now < timedelta(days=7, minutes=5)


def test_a_cancellation_forgets_it_at_once(person):
    copy = ready_copy(person.subject)
    waiting = request_copy(subject=person.subject)
    cancel_account(subject=person.subject)
    assert {row.state for row in DataCopy.objects.all()} == {"forgotten"}
    assert not make_copy(waiting.pk)
    copy.refresh_from_db()
    assert copy.document is None


def test_the_owner_is_notified_without_a_link_that_opens_the_copy(person):
    ready_copy(person.subject)
    notice = Notice.objects.get(template="copy_ready")
    assert "until" in json.loads(notice.context)


def test_pages_ask_follow_read_download_and_delete(person, client):
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    assert "No copies yet" in client.get("/settings/privacy/copy/").content.decode()
    client.post("/settings/privacy/copy/")
    making = client.get("/settings/privacy/copy/").content.decode()
    assert "<progress" in making
    assert 'http-equiv="refresh"' in making
    make_due_copies()
    copy = DataCopy.objects.get()
    address = f"/settings/privacy/copy/{copy.pk}/"
    page = client.get(address).content.decode()
    assert "Maria Petrović" in page
    assert page.index("Maria Petrović") < page.index("Agreed at registration"), "what the person told us comes first"
    download = client.get(f"{address}my-data.json")
    assert "attachment" in download["Content-Disposition"]
    assert "no-store" in download["Cache-Control"]
    jsonschema.validate(download.json(), client.get("/copy.schema.json").json())
    client.post(f"{address}delete/")
    assert client.get(address).status_code == 404


def test_no_one_else_reads_a_copy(person, client):
    copy = ready_copy(person.subject)
    address = f"/settings/privacy/copy/{copy.pk}/"
    assert client.get(address).status_code == 302
    other = make_person(phone="+38164999999")
    client.post("/sign-in/", {"login": other.username, "password": PASSWORD})
    for path in (address, f"{address}my-data.json"):
        assert client.get(path).status_code == 404
    client.post(f"{address}delete/")
    copy.refresh_from_db()
    assert copy.state == "ready"


def test_reading_asks_for_a_fresh_sign_in(person, settings):
    copy = ready_copy(person.subject)
    client = Client()
    client.post("/sign-in/", {"login": person.username, "password": PASSWORD})
    settings.FRESH_SIGN_IN = settings.FRESH_SIGN_IN * 0
    for path in (f"/settings/privacy/copy/{copy.pk}/", f"/settings/privacy/copy/{copy.pk}/my-data.json"):
        assert client.get(path)["Location"].startswith("/sign-in/again/")


def test_an_app_asks_follows_reads_and_forgets(settings):
    make_policy("intl")
    app = registered()
    asked = app.post("me/copies")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    make_due_copies()
    address = f"me/copies/{asked.json()['id']}"
    assert app.get(address).json()["state"] == "ready"
    jsonschema.validate(app.get(f"{address}/document").json(), copy_schema())
    other = registered(username="second", phone="+4915123456700")
    for path in (address, f"{address}/document"):
        assert other.get(path).status_code == 404
    assert other.send("DELETE", address).status_code == 404
    assert App().get(f"{address}/document").status_code == 401
    assert [row["state"] for row in app.get("me/copies").json()["results"]] == ["ready"]
    settings.FRESH_SIGN_IN, fresh = settings.FRESH_SIGN_IN * 0, settings.FRESH_SIGN_IN
    assert app.get(f"{address}/document").json()["code"] == "fresh_sign_in_required"
    settings.FRESH_SIGN_IN = fresh
    assert app.send("DELETE", address).status_code == 204
    assert app.get(f"{address}/document").status_code == 404


def test_a_copy_of_staff_does_not_tell_on_whom_they_worked(person):
    officer = make_staff("Privacy officer")
    browser, page = client_of(officer), f"/admin/accounts/user/{person.pk}/"
    browser.post("/admin/accounts/user/", {"who": person.username})
    browser.post(f"{page}open/", {"reason": "support", "reference": "T-1"})
    browser.post(f"{page}end-sessions/", {"reason": "request", "reference": "T-1"})
    entries = LogEntry.objects.filter(user=officer, object_id=str(person.pk))
    assert entries.exists()
    text = str(ready_copy(officer.subject).document)
    assert len(json.loads(text)["records"]["staff_actions"]) == LogEntry.objects.filter(user=officer).count()
    assert not any(str(number) in text for number in (person.pk, person.subject_id))
    assert person.username not in text
