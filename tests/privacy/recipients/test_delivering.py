"""A delivery is sent until it is acknowledged: wrong secrets, days of silence, crashes, repeats, 410."""

import base64
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from privacy.database import waking
from privacy.erasure.services import cancel_account
from privacy.recipients import services
from privacy.recipients.models import Delivery, Recipient
from privacy.recipients.queries import failed_deliveries, late_deliveries
from privacy.recipients.services import (
    change_recipient,
    rotate_secret,
    send_due_deliveries,
    send_to_recipient,
    set_recipient_state,
    settle_delivery,
    try_again,
)
from privacy.recipients.signing_secrets import new_signing_secret, open_signing_secret
from tests.erasures import erase
from tests.factories import make_person
from tests.parallel import in_parallel
from tests.privacy.recipients.moments import make_due, rows, wait
from tests.privacy.recipients.sample import served
from tools.sample_recipient.app import DevicePlatform


def test_the_signature_is_that_of_standard_webhooks(platform, delivery):
    send_to_recipient(delivery.pk)
    [(headers, body)] = platform.requests
    assert Webhook(platform.secret).verify(body, headers)["type"] == "subject.suspended"
    assert headers["webhook-id"] == str(delivery.pk)
    with pytest.raises(WebhookVerificationError):
        Webhook(platform.secret).verify(body.replace(b"suspended", b"resumed__"), headers)


def test_a_wrong_secret_is_refused_and_the_message_is_tried_again(platform, delivery):
    platform.app.keys = [b"another secret"]
    assert not send_to_recipient(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("queued", 1, "HTTP 401")
    assert platform.devices("suspended") == [0, 0]
    platform.app.keys = [base64.b64decode(platform.secret.removeprefix("whsec_"))]
    make_due()
    assert send_to_recipient(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error, platform.devices("suspended")) == ("acknowledged", "", [1, 1])


def test_the_waits_grow_up_to_six_hours(platform, delivery):
    platform.says = lambda _environ: 400
    waits = []
    for _attempt in range(7):
        make_due()
        send_to_recipient(delivery.pk)
        delivery.refresh_from_db()
        waits.append((delivery.due_at - timezone.now()).total_seconds())
    assert waits == pytest.approx([60, 240, 960, 3840, 15360, 21600, 21600], abs=10)


def test_nothing_is_sent_before_it_is_due(platform, delivery):
    platform.says = lambda _environ: 503
    send_to_recipient(delivery.pk)
    assert (send_to_recipient(delivery.pk), send_due_deliveries(), len(platform.requests)) == (False, 0, 1)


def test_a_platform_that_was_down_for_days_is_notified_when_it_is_back(platform, user, tmp_path):
    with served(platform) as elsewhere:
        port = elsewhere.server_port
    Recipient.objects.update(url=f"http://127.0.0.1:{port}/hook")
    case = erase(user)
    for _day in range(9):
        assert send_due_deliveries() == 0
        wait(timedelta(hours=13))
    assert {row.state for row in rows()} == {"queued"}
    assert {row.last_error for row in rows()} == {"NewConnectionError"}
    assert late_deliveries().count() == 2
    with served(platform, port):
        make_due()
        assert send_due_deliveries() == 2
    assert platform.devices() == []
    assert {row.state for row in rows(case=case.pk)} == {"acknowledged"}
    assert late_deliveries().count() == 0


def test_after_five_days_it_is_given_up_and_staff_may_try_again(platform, delivery):
    platform.says = lambda _environ: 500
    for _attempt in range(8):
        send_to_recipient(delivery.pk)
        wait(timedelta(hours=20))
    delivery.refresh_from_db()
    assert (delivery.state, list(failed_deliveries())) == ("failed", [delivery])
    assert send_due_deliveries() == 0
    platform.says = lambda _environ: None
    assert try_again(deliveries=Delivery.objects.all()) == 1
    assert send_due_deliveries() == 1
    assert try_again(deliveries=Delivery.objects.all()) == 0


def test_a_portal_that_stood_still_for_days_gives_nothing_up_at_the_first_attempt(platform, delivery):
    wait(timedelta(days=20))
    platform.says = lambda _environ: 503
    send_to_recipient(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == "queued"


def test_a_recipient_informed_by_letter_is_settled(platform, delivery):
    Delivery.objects.update(state="failed")
    assert settle_delivery(deliveries=Delivery.objects.all()) == 1
    delivery.refresh_from_db()
    assert delivery.state == "settled"
    assert delivery.acknowledged_at


def test_a_death_between_sending_and_noting_sends_the_same_number_again(platform, delivery, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(services, "_acknowledge", lambda _delivery: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            send_to_recipient(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("queued", 1)
    make_due()
    assert send_to_recipient(delivery.pk)
    first, second = platform.requests
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    assert platform.execute("SELECT count(*) FROM message") == [(1,)]


def test_a_message_that_comes_twice_is_acted_on_once(platform, delivery):
    send_to_recipient(delivery.pk)
    platform.execute("UPDATE device SET suspended = 0")
    again = Delivery.objects.select_related("recipient").get()
    body = services.body_of(again)
    assert services.post(again.recipient.url, body, services.headers_of(again, body, timezone.now())) == 204
    assert platform.devices("suspended") == [0, 0]


def test_410_stops_everything_and_shows_as_failed(platform, user, delivery, caplog):
    platform.says = lambda _environ: 410
    other = make_person()
    cancel_account(subject=other.subject)
    send_due_deliveries()
    assert Recipient.objects.get().state == "gone"
    assert len(platform.requests) == 1
    assert {(row.state, row.last_error) for row in rows()} == {("failed", "HTTP 410")}
    erase(make_person())
    assert {row.state for row in rows()} == {"failed"}
    assert send_due_deliveries() == 0
    assert len(platform.requests) == 1
    assert try_again(deliveries=Delivery.objects.all()) == 0


def test_a_platform_that_returns_after_410_gets_what_it_missed(platform, user, delivery):
    platform.says = lambda _environ: 410
    send_to_recipient(delivery.pk)
    platform.says = lambda _environ: None
    set_recipient_state(recipient=Recipient.objects.get(), state=Recipient.State.ACTIVE)
    assert try_again(deliveries=Delivery.objects.all()) == 1
    assert send_due_deliveries() == 1
    assert platform.devices("suspended") == [1, 1]


def test_a_redirect_is_not_followed_and_no_answer_is_kept(platform, delivery, caplog):
    caplog.set_level("DEBUG")
    platform.says = lambda _environ: 307
    assert not send_to_recipient(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.last_error, len(platform.requests)) == ("HTTP 307", 1)
    assert "nobody may keep" not in caplog.text
    assert "elsewhere" not in caplog.text


def test_both_secrets_sign_for_a_day_after_a_rotation(platform, user):
    old, fresh = platform.secret, rotate_secret(recipient=platform.recipient)
    cancel_account(subject=user.subject)
    assert send_due_deliveries() == 1
    headers, body = platform.requests[0]
    for secret in (old, fresh):
        assert Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_signing_secret()).verify(body, headers)
    Recipient.objects.update(previous_until=timezone.now() - timedelta(seconds=1))
    cancel_account(subject=make_person().subject)
    assert send_due_deliveries() == 0
    platform.app = DevicePlatform(platform.app.database, fresh)
    make_due()
    assert send_due_deliveries() == 1


def test_no_secret_is_in_the_database_in_clear(platform):
    rotate_secret(recipient=platform.recipient)
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, previous_secret FROM privacy_recipient")
        kept = b"".join(bytes(column) for column in cursor.fetchone())
    assert platform.secret.encode() not in kept
    assert base64.b64decode(platform.secret.removeprefix("whsec_")) not in kept


def test_a_moved_secret_does_not_open(platform, delivery):
    other, _secret = services.register_recipient(name="Other", url="https://o.example/", classes=["account"])
    Recipient.objects.filter(pk=platform.recipient.pk).update(secret=other.secret)
    assert not send_to_recipient(delivery.pk)
    assert rows()[0].last_error == "CannotOpen"


@pytest.mark.parametrize("statement", ["UPDATE privacy_delivery SET attempts = 0", "DELETE FROM privacy_delivery"])
def test_what_was_acknowledged_never_changes(platform, delivery, statement):
    send_to_recipient(delivery.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_task_gets_an_id_only(platform, user, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(waking.current_app, "send_task", lambda *args, **options: sent.append((args, options)))
    with django_capture_on_commit_callbacks(execute=True, using="default"):
        cancel_account(subject=user.subject)
    task = ("privacy.recipients.tasks.send_delivery",)
    assert (task, {"args": [str(Delivery.objects.get().pk)], "retry": False}) in sent


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_of_many_workers_one_sends(platform):
    cancel_account(subject=make_person().subject)
    delivery = Delivery.objects.get()
    in_parallel(8, lambda _number: send_to_recipient(delivery.pk))
    assert len(platform.requests) == 1
    assert Delivery.objects.get().state == "acknowledged"


def test_what_was_given_up_while_it_was_under_way_did_arrive(platform, delivery, monkeypatch):
    def post(*_given):
        Delivery.objects.update(state="failed", last_error="HTTP 410")
        return 204

    monkeypatch.setattr(services, "post", post)
    assert send_to_recipient(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.last_error) == ("acknowledged", "")
    assert delivery.acknowledged_at


def test_a_change_of_the_address_takes_back_no_secret_and_no_state(platform):
    opened_before = Recipient.objects.get()
    fresh = rotate_secret(recipient=platform.recipient)
    Recipient.objects.update(state="gone")
    change_recipient(recipient=opened_before, name="Other", url="https://devices.example/", classes=["account"])
    now = Recipient.objects.get()
    assert open_signing_secret(bytes(now.secret), now.pk) == fresh
    assert (now.name, now.state) == ("Other", "gone")
    assert now.previous_secret
