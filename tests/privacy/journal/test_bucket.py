"""A journal in a bucket: the sweep reads it, requests do not, and the same problems are noticed."""

import logging
import time

import pytest
import time_machine
from django.db import DatabaseError
from redis.exceptions import RedisError

from portal.operations.tasks import raise_urgent_alarms
from privacy.erasure.models import ErasureCase
from privacy.erasure.replay import replay_erasures
from privacy.erasure.services import cancel_account
from privacy.journal import maintenance
from privacy.journal.maintenance import begin_restore, end_restore, in_maintenance, why_in_maintenance
from privacy.journal.services import ERASURES, write_journal
from privacy.journal.tasks import look_into_bucket
from tests.buckets import BucketStorage
from tests.erasures import erase, usable_keys
from tests.factories import make_person
from tests.privacy.erasure.restores import restored_after


@pytest.fixture(autouse=True)
def _asked_each_time(monkeypatch):
    monkeypatch.setattr(maintenance, "SECONDS", 0.0)


@pytest.fixture
def journalled(bucket: BucketStorage) -> BucketStorage:
    cancel_account(subject=make_person().subject)
    write_journal()
    look_into_bucket()
    bucket.calls.clear()
    return bucket


def last_segment(bucket: BucketStorage) -> str:
    return max(name for name in bucket.objects if name.startswith("erasures/0000-0"))


def test_requests_do_not_call_a_bucket(client, journalled: BucketStorage):
    assert [client.get(path).status_code for path in ("/", "/sign-in/", "/readyz")] == [200, 200, 200]
    assert journalled.calls.total() == 0


def test_a_cancellation_does_not_call_a_bucket_and_wakes_the_writer(
    journalled: BucketStorage, django_capture_on_commit_callbacks, monkeypatch
):
    woken = []
    monkeypatch.setattr("celery.Celery.send_task", lambda _app, name, *_args, **_options: woken.append(name))
    journalled.is_away = True
    with django_capture_on_commit_callbacks(execute=True):
        cancel_account(subject=make_person().subject)
    assert "privacy.journal.tasks.write_journal" in woken
    assert journalled.calls.total() == 0
    journalled.is_away = False
    write_journal()
    assert ERASURES.journal.last()["position"] == 2


def test_a_database_that_was_put_back_is_noticed_without_a_call(bucket: BucketStorage):
    gone = make_person()
    with restored_after():
        erase(gone)
        write_journal()
        look_into_bucket()
    maintenance.cache.set(maintenance.FOUND, {"why": "", "ends": {"erasures": (1, "0" * 64)}})
    bucket.calls.clear()
    assert "restored from an older backup" in why_in_maintenance()
    assert bucket.calls.total() == 0


def test_lines_written_since_the_last_sweep_are_no_error(journalled: BucketStorage):
    cancel_account(subject=make_person().subject)
    write_journal()
    assert why_in_maintenance() == ""


def test_a_bucket_that_was_changed_or_cut_is_noticed_at_the_next_look(journalled: BucketStorage):
    name = last_segment(journalled)
    whole = journalled.objects[name]
    journalled.objects[name] = whole.replace(b"cancelled", b"cancelleD")
    look_into_bucket()
    assert "was changed or damaged" in why_in_maintenance()
    del journalled.objects[name]
    look_into_bucket()
    assert "the keys database knows of" in why_in_maintenance()
    journalled.objects[name] = whole
    look_into_bucket()
    assert why_in_maintenance() == ""


def test_a_bucket_that_is_away_is_maintenance_and_the_alarm_says_so(journalled: BucketStorage, caplog):
    stay_away(journalled)
    with caplog.at_level(logging.ERROR):
        raise_urgent_alarms()
    assert "the erasure journal cannot be read (StoreUnreachable)" in caplog.text


def stay_away(bucket: BucketStorage) -> None:
    """Be away for longer than the portal serves without it."""
    bucket.is_away = True
    look_into_bucket()
    with time_machine.travel(time.time() + maintenance.UNREACHABLE_SECONDS + 1):
        look_into_bucket()


def test_a_bucket_that_is_away_for_minutes_only_raises_an_alarm(client, journalled: BucketStorage, caplog):
    assert "portal_journal_store_away 0.0" in client.get("/metrics").content.decode()
    journalled.is_away = True
    with time_machine.travel(time.time(), tick=False) as clock:
        for _ in range(10):
            look_into_bucket()
            assert not in_maintenance()
            clock.shift(maintenance.UNREACHABLE_SECONDS / 10 - 1)
        with caplog.at_level(logging.ERROR):
            raise_urgent_alarms()
        assert "the store of the erasure journal has not responded since" in caplog.text
        assert "portal_journal_store_away 1.0" in client.get("/metrics").content.decode()
        clock.shift(60)
        look_into_bucket()
        assert in_maintenance()
        journalled.is_away = False
        look_into_bucket()
        assert (in_maintenance(), maintenance.unreachable_since()) == (False, None)


def test_while_a_bucket_is_away_a_database_that_was_put_back_is_noticed(journalled: BucketStorage):
    journalled.is_away = True
    look_into_bucket()
    found = maintenance.cache.get(maintenance.FOUND)
    maintenance.cache.set(maintenance.FOUND, found | {"ends": {"erasures": (9, "0" * 64)}})
    assert "restored from an older backup" in why_in_maintenance()


def test_a_portal_that_never_read_its_bucket_is_in_maintenance_mode(bucket: BucketStorage):
    bucket.is_away = True
    look_into_bucket()
    assert in_maintenance()


def test_without_a_sweep_one_of_many_requests_reads_the_bucket(journalled: BucketStorage):
    assert not in_maintenance()
    maintenance.cache.delete(maintenance.FOUND)
    maintenance.cache.add(maintenance.LOOKING, 1, 30)  # another process reads the bucket
    journalled.calls.clear()
    assert not in_maintenance()
    assert journalled.calls.total() == 0


def test_the_sweep_reads_the_bucket_in_maintenance_mode_and_ends_it(journalled: BucketStorage):
    stay_away(journalled)
    assert in_maintenance()
    journalled.is_away = False
    look_into_bucket.apply()
    assert not in_maintenance()


def test_without_a_sweep_a_request_reads_the_bucket(client, journalled: BucketStorage):
    maintenance.cache.delete(maintenance.FOUND)
    assert client.get("/").status_code == 200
    asked = journalled.calls.total()
    assert asked > 0
    assert client.get("/").status_code == 200
    assert journalled.calls.total() == asked


@pytest.mark.parametrize("error", [RedisError, DatabaseError])
def test_an_unreachable_cache_neither_begins_nor_ends_maintenance_mode(journalled: BucketStorage, monkeypatch, error):
    def away(_key: str) -> None:
        raise error

    monkeypatch.setattr(maintenance.cache, "get", away)
    assert not in_maintenance()
    journalled.objects["half-restored"] = b""
    assert in_maintenance() == (error is DatabaseError)


def test_a_restore_begins_maintenance_mode_at_once_and_its_end_ends_it(journalled: BucketStorage):
    begin_restore(with_keys=True)
    assert "a restore is under way" in why_in_maintenance()
    end_restore()
    assert not in_maintenance()


@pytest.mark.parametrize("databases", [("default",), ("default", "keys")], ids=["without keys", "with keys"])
def test_erased_people_are_erased_again_from_a_bucket(bucket: BucketStorage, databases: tuple[str, ...]):
    gone, other = make_person(), make_person()
    write_journal()
    with restored_after(*databases):
        erase(gone)
    assert in_maintenance()
    assert replay_erasures().erased == 1
    assert usable_keys(gone) == []
    assert usable_keys(other) != []
    assert not in_maintenance()
    assert "erasures/0001-complete" in bucket.objects
    assert [line["kind"] for line in ERASURES.journal.verified_lines()] == ["cancelled", "erased", "erased"]
    assert ErasureCase.objects.get(subject_id=gone.subject_id).state == "erased"
    for chain in maintenance.journal_chains():
        chain.verify()


def test_what_a_restore_lost_is_listed_in_the_bucket(bucket: BucketStorage):
    write_journal()
    with restored_after("default", "keys"):
        make_person()
    done = replay_erasures()
    assert done.restore.lost["consents"] == 1
    [name] = [name for name in bucket.objects if name.startswith("lost-consents-")]
    assert done.restore.lost_lists[0].endswith(name)
