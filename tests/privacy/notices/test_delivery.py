import json
import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from privacy.database import waking
from privacy.encryption.keys import create_keys
from privacy.encryption.models import DataKey
from privacy.inventory.data_stores import all_data_stores
from privacy.notices import services
from privacy.notices.backends import OutboxSmsBackend, SmsNotSent
from privacy.notices.models import RETENTION_CLASS, Notice
from privacy.notices.orphaned_keys import ORPHANED_AFTER, destroy_orphaned_keys
from privacy.notices.services import deliver_notice, send_due_notices, send_notice, withdraw_notices
from privacy.subjects.models import DataSubject

NUMBER, CODE = "+8613800138000", "493817"


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path
    return tmp_path


@pytest.fixture
def subject():
    return DataSubject.objects.create(jurisdiction="cn")


def queue(subject, **changed):
    given = {"channel": "sms", "address": NUMBER, "template": "verification_code", "language": "en", "code": CODE}
    return send_notice(subject=subject, **{"context": {"minutes": "10"}, **given, **changed})


def messages(outbox):
    return [json.loads(path.read_text()) for path in sorted(outbox.glob("*.json"))]


def make_due(notice):
    Notice.objects.filter(pk=notice.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def wait_of(notice):
    notice.refresh_from_db()
    return (notice.due_at - timezone.now()).total_seconds()


@pytest.fixture
def broken_gateway():
    def refuse(_self, sms):
        raise SmsNotSent(f"Not to {sms.to}: {sms.body}")

    with pytest.MonkeyPatch.context() as gateway:
        gateway.setattr(OutboxSmsBackend, "send", refuse)
        yield gateway


def test_a_queued_notice_is_ciphertext_in_the_table(subject):
    queue(subject)
    with connection.cursor() as cursor:
        cursor.execute("select * from privacy_notice")
        row = b"|".join(bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in cursor.fetchone())
    assert NUMBER.encode() not in row
    assert CODE.encode() not in row


def test_a_delivered_notice_leaves_nothing_in_row_or_key(subject, outbox):
    notice = queue(subject)
    assert deliver_notice(notice.pk)
    (message,) = messages(outbox)
    assert (message["channel"], message["to"], message["code"]) == ("sms", NUMBER, CODE)
    row = Notice.objects.values().get()
    assert (row["state"], row["address"], row["context"]) == ("sent", None, None)
    assert row["ended_at"] is not None
    assert list(DataKey.objects.filter(owner=notice.pk).values_list("wrapped", flat=True)) == [None]


def test_a_notice_is_delivered_once(subject, outbox):
    notice = queue(subject)
    assert [deliver_notice(notice.pk), deliver_notice(notice.pk), send_due_notices()] == [True, False, 0]
    assert len(messages(outbox)) == 1


def test_the_sweep_delivers_notices_without_a_task(subject, outbox):
    queue(subject)
    queue(None, template="account_erased", context={"reference": "R", "receipt_url": "/r"}, code="")
    assert send_due_notices() == 2
    assert [message.get("code") for message in messages(outbox)] == [CODE, None]


def test_an_attempt_under_way_is_not_repeated(subject, monkeypatch):
    notice = queue(subject)
    during = []
    monkeypatch.setattr(services, "deliver", lambda *_: during.append(deliver_notice(notice.pk)))
    assert deliver_notice(notice.pk)
    assert during == [False]


def test_failures_are_retried_after_growing_waits(subject, broken_gateway):
    notice = queue(subject, code="")
    waits = []
    for _attempt in range(7):
        make_due(notice)
        assert not deliver_notice(notice.pk)
        waits.append(wait_of(notice))
    assert waits == pytest.approx([30, 120, 480, 1920, 7680, 21600, 21600], abs=10)
    assert (notice.state, notice.last_error, notice.address) == ("queued", "SmsNotSent", NUMBER)


def test_a_gateway_that_comes_back_gets_the_notice(subject, broken_gateway, outbox):
    notice = queue(subject)
    deliver_notice(notice.pk)
    broken_gateway.undo()
    make_due(notice)
    assert send_due_notices() == 1
    assert len(messages(outbox)) == 1


def test_a_notice_is_given_up_after_ten_attempts_and_its_contents_deleted(subject, broken_gateway):
    notice = queue(subject, code="")
    for _attempt in range(10):
        make_due(notice)
        deliver_notice(notice.pk)
    row = Notice.objects.values().get()
    assert (row["state"], row["attempts"], row["address"], row["last_error"]) == ("failed", 10, None, "SmsNotSent")
    assert not DataKey.objects.filter(owner=notice.pk, destroyed_at=None).exists()


@pytest.mark.parametrize("attempts", [10, 23, 24, 1000])
def test_a_notice_whose_workers_die_is_given_up_and_stops_no_other(subject, outbox, attempts):
    """A worker that dies while it sends notes nothing: only the count of attempts shows it."""
    notice, other = queue(subject, code=""), queue(subject)
    Notice.objects.filter(pk=notice.pk).update(attempts=attempts, due_at=timezone.now() - timedelta(days=1))
    assert send_due_notices() == 1
    notice.refresh_from_db()
    assert (notice.state, notice.address, notice.last_error) == ("failed", None, "TooManyAttempts")
    assert not DataKey.objects.filter(owner=notice.pk, destroyed_at=None).exists()
    assert Notice.objects.get(pk=other.pk).state == "sent"


def test_a_notice_that_was_sent_by_a_worker_that_died_at_last_counts_as_sent(subject, outbox):
    notice = queue(subject)
    services.destroy_keys([notice.pk])
    Notice.objects.filter(pk=notice.pk).update(attempts=9)
    deliver_notice(notice.pk)
    assert (Notice.objects.get().state, messages(outbox)) == ("sent", [])


def test_an_old_code_is_not_sent(subject, outbox):
    notice = queue(subject, context={"minutes": "10", "expires_at": timezone.now().isoformat()})
    assert not deliver_notice(notice.pk)
    notice = Notice.objects.get()
    assert (notice.state, notice.last_error, messages(outbox)) == ("failed", "CodeExpired", [])


@pytest.mark.postgres
@pytest.mark.parametrize(("hours", "state"), [(48, "sent"), (-48, "failed")])
def test_a_worker_s_wrong_clock_makes_no_code_old_or_young(subject, outbox, monkeypatch, hours, state):
    now = timezone.now()
    expires_at = now + timedelta(minutes=10 if state == "sent" else -1)
    notice = queue(subject, context={"minutes": "10", "expires_at": expires_at.isoformat()})
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(hours=hours))
    deliver_notice(notice.pk)
    notice.refresh_from_db()
    assert notice.state == state


def test_a_death_between_key_and_row_counts_as_sent(subject, outbox):
    notice = queue(subject)
    services.destroy_keys([notice.pk])
    deliver_notice(notice.pk)
    assert (Notice.objects.get().state, messages(outbox)) == ("sent", [])


def test_withdrawing_destroys_the_keys_and_the_rows(subject, django_capture_on_commit_callbacks):
    notice = queue(subject)
    other = queue(DataSubject.objects.create(jurisdiction="cn"))
    with django_capture_on_commit_callbacks(execute=True):
        assert withdraw_notices([subject.pk]) == {subject.pk: 1}
    assert list(Notice.objects.values_list("pk", flat=True)) == [other.pk]
    assert not DataKey.objects.filter(owner=notice.pk, destroyed_at=None).exists()
    assert withdraw_notices([subject.pk]) == {}


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_withdrawal_that_is_rolled_back_leaves_a_message_that_can_be_sent(subject, outbox):
    notice = queue(subject)
    with transaction.atomic():
        withdraw_notices([subject.pk])
        transaction.set_rollback(True)
    assert deliver_notice(notice.pk)
    assert len(messages(outbox)) == 1


def living(keys):
    return set(keys.filter(destroyed_at=None).values_list("owner", flat=True))


def test_keys_without_a_message_are_destroyed_after_a_while_and_no_others(subject):
    """A rolled-back transaction, or a process that died between the two databases, leaves a key."""
    waiting, orphan, fresh, persons = queue(subject), uuid4(), uuid4(), uuid4()
    create_keys(orphan, [RETENTION_CLASS])
    create_keys(persons, ["account"])
    keys = DataKey.objects.all()
    keys.update(created_at=timezone.now() - ORPHANED_AFTER - timedelta(minutes=1))
    create_keys(fresh, [RETENTION_CLASS])
    assert destroy_orphaned_keys() == 1
    assert living(keys) == {waiting.pk, fresh, persons}
    assert destroy_orphaned_keys(batch=1) == 0


def test_an_orphan_behind_many_that_wait_is_found(subject):
    for _ in range(5):
        queue(subject)
    create_keys(UUID(int=2**128 - 1), [RETENTION_CLASS])
    DataKey.objects.update(created_at=timezone.now() - 2 * ORPHANED_AFTER)
    assert destroy_orphaned_keys(batch=2) == 1
    assert len(living(DataKey.objects)) == 5


def test_erasure_withdraws_notices_before_any_row_is_deleted(subject):
    assert "privacy.notices" in [holder.name for holder in all_data_stores()]


def test_no_address_reaches_a_log(subject, broken_gateway, caplog):
    caplog.set_level("DEBUG")
    deliver_notice(queue(subject).pk)
    assert "SmsNotSent" in caplog.text
    assert NUMBER.lstrip("+") not in caplog.text
    assert CODE not in caplog.text


class TestBroker:
    """What happens on commit."""

    def test_the_task_gets_an_id_only(self, subject, monkeypatch, django_capture_on_commit_callbacks):
        sent = []
        monkeypatch.setattr(waking.current_app, "send_task", lambda *args, **options: sent.append((args, options)))
        with django_capture_on_commit_callbacks(execute=True, using="default"):
            notice = queue(subject)
        assert sent == [(("privacy.notices.tasks.send_code",), {"args": [str(notice.pk)], "retry": False})]

    def test_a_broker_that_is_gone_does_not_break_the_caller(
        self, subject, monkeypatch, caplog, django_capture_on_commit_callbacks
    ):
        asked = []

        def gone(*_args, **_options):
            asked.append(1)
            raise waking.OperationalError("no broker")

        monkeypatch.setattr(waking.current_app, "send_task", gone)
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(3):
                queue(subject)
        assert "the sweep will do" in caplog.text
        assert asked == [1]  # a broker that hangs delays one request only
        monkeypatch.setattr(waking, "_away_until", time.monotonic())
        with django_capture_on_commit_callbacks(execute=True):
            queue(subject)
        assert asked == [1, 1]
        assert send_due_notices() == 4
