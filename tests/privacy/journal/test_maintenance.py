"""If the journal cannot be read, the portal is in maintenance mode, and an alarm says why."""

import logging
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from portal.operations.tasks import raise_urgent_alarms
from privacy.erasure import erasing
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.journal.maintenance import begin_restore, end_restore, forget_answer, in_maintenance
from privacy.journal.services import write_erasures
from tests import journal
from tests.factories import make_person


@pytest.fixture
def unreadable(settings, tmp_path):
    """Replace the volume of the journal with something else."""
    (tmp_path / "file").write_text("x")
    settings.ERASURE_JOURNAL = tmp_path / "file" / "journal"
    forget_answer()


def test_a_fresh_portal_is_open():
    assert not in_maintenance()


def test_an_unreadable_journal_is_maintenance(client, unreadable, caplog):
    client.raise_request_exception = False
    paths = ("/", "/api/v1/policies/current?country=DE", "/readyz", "/metrics", "/healthz")
    assert [client.get(path).status_code for path in paths] == [503, 503, 503, 200, 200]
    [line] = [record.getMessage() for record in caplog.records if "is in maintenance mode" in record.getMessage()]
    assert "the erasure journal cannot be read" in line


def test_a_cancellation_is_acknowledged_although_the_journal_is_garbage(django_capture_on_commit_callbacks, caplog):
    cancel_account(subject=make_person().subject)
    write_erasures()
    [segment] = journal.segments("erasures")
    segment.write_bytes(b"\0\0garbage\n")
    with django_capture_on_commit_callbacks(execute=True):
        cancel_account(subject=make_person().subject)
    assert ErasureCase.objects.count() == 2
    assert "cannot be written (JournalDamaged)" in caplog.text


def test_the_alarm_of_maintenance_sounds_in_maintenance(caplog):
    begin_restore()
    with caplog.at_level(logging.ERROR):
        assert raise_urgent_alarms() == 1
    assert "Alarm: the portal is in maintenance: a restore is under way" in caplog.text
    end_restore()


def test_a_sweep_stops_at_the_batch_in_which_maintenance_begins(monkeypatch):
    for _ in range(3):
        cancel_account(subject=make_person().subject)
    ErasureCase.objects.update(due_at=Now() - timedelta(hours=1), next_attempt_at=Now() - timedelta(hours=1))
    real = erasing.erase_rows

    def restore_meanwhile(cases):
        real(cases)
        begin_restore()

    restore_meanwhile.__name__ = "erase_rows"
    monkeypatch.setattr(erasing, "erase_rows", restore_meanwhile)
    erasing.erase_due_accounts(batch=1)
    states = ErasureCase.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == ["cooling_off", "cooling_off", "rows_erased"]
