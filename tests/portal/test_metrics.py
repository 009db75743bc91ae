"""Figures for the operator: counted at each scrape, without names, protected by a token."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.operations import metrics
from portal.operations.alarms import raise_alarms, raise_urgent_alarms
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.holds.models import LegalHold
from privacy.journal import lag
from privacy.journal.services import write_journal
from privacy.operations.watching import Severity, Watched
from tests.declarations import declare
from tests.erasures import held
from tests.factories import make_person, make_staff, pass_time
from tests.sign_in_clients import client_of


def figures(client: Client) -> dict[str, float]:
    lines = client.get("/metrics").content.decode().splitlines()
    return {name: float(value) for name, value in (line.split(" ") for line in lines if line.startswith("portal_"))}


def test_the_figures_follow_an_erasure_from_waiting_to_done(client: Client):
    person = make_person()
    case = cancel_account(subject=person.subject)
    assert figures(client)["portal_erasures_waiting"] == 1
    assert 0 < figures(client)["portal_access_end_seconds_max_1d"] < 60
    assert figures(client)["portal_erasures_due"] == 0
    pass_time(case, settings.COOLING_OFF + timedelta(hours=20))
    found = figures(client)
    assert found["portal_erasures_due"] == found["portal_erasures_endangered"] == 1
    assert found["portal_erasures_oldest_due_seconds"] >= 20 * 3600
    pass_time(case, timedelta(hours=5))
    assert figures(client)["portal_erasures_late"] == 1
    erase_due_accounts()
    found = figures(client)
    assert found["portal_erasures_waiting"] == found["portal_erasures_late"] == 0
    assert found["portal_erasures_finished_1d"] == 1
    assert found["portal_erasure_seconds_max_1d"] >= 25 * 3600


def test_each_pass_of_a_held_erasure_is_measured_from_its_own_due_time(client: Client):
    person = make_person()
    held(person, "account")
    case = cancel_account(subject=person.subject)
    pass_time(case, settings.COOLING_OFF + timedelta(hours=1))
    erase_due_accounts()
    found = figures(client)
    assert 3600 <= found["portal_erasure_seconds_mean_1d"] == found["portal_erasure_seconds_max_1d"] < 3700
    ended = timezone.now() - timedelta(hours=3)
    LegalHold.objects.update(until=ended)
    ErasureCase.objects.update(due_at=ended, next_attempt_at=ended, erased_at=timezone.now() - timedelta(days=5))
    erase_due_accounts()
    found = figures(client)
    assert found["portal_erasures_finished_1d"] == 2
    assert 3 * 3600 <= found["portal_erasure_seconds_max_1d"] < 3 * 3600 + 100


def test_with_a_token_only_its_bearer_reads(client: Client, settings):
    settings.METRICS_TOKEN = "a token of the scraper"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer a token of the scraper"}).status_code == 200


def test_production_shows_nothing_without_a_token(client: Client, settings):
    settings.IN_PRODUCTION = True
    assert client.get("/metrics").status_code == 404


def test_an_alarm_comes_before_the_deadline_without_names(settings, caplog: pytest.LogCaptureFixture):
    settings.ALARM_EMAIL = "operator@example.org"
    case = cancel_account(subject=make_person().subject)
    assert raise_alarms() == []
    pass_time(case, settings.COOLING_OFF + settings.ERASE_WITHIN - timedelta(hours=5))
    with caplog.at_level(logging.ERROR):
        [line] = raise_alarms()
    assert line.startswith(f"erasure {case.pk} must be done by")
    assert line in caplog.text
    assert mail.outbox[0].to == ["operator@example.org"]
    assert str(case.subject_id) not in mail.outbox[0].body


def test_no_alarm_has_the_reference_that_opens_a_receipt(settings, caplog: pytest.LogCaptureFixture, client: Client):
    settings.ALARM_EMAIL = "operator@example.org"
    case = cancel_account(subject=make_person().subject)
    assert client.get(f"/receipts/{case.reference}/").status_code == 200
    pass_time(case, settings.COOLING_OFF + settings.ERASE_WITHIN - timedelta(hours=5))
    ErasureCase.objects.update(attempts=2, last_failure="erase_rows: OperationalError")
    endangered, failing = raise_alarms()
    pass_time(case, timedelta(hours=6))
    late, _failing = raise_alarms()
    assert failing == f"erasure {case.pk} fails (erase_rows: OperationalError), attempt 2"
    assert (endangered.split()[1], late.split()[1]) == (str(case.pk), str(case.pk))
    assert case.reference not in caplog.text + "".join(message.body for message in mail.outbox)
    assert client.get(f"/receipts/{case.pk}/").status_code == 404


def test_staff_find_the_erasure_of_an_alarm_by_its_id():
    case, other = cancel_account(subject=make_person().subject), cancel_account(subject=make_person().subject)
    found = client_of(make_staff("Privacy officer")).get("/admin/privacy/erasurecase/", {"q": str(case.pk)})
    assert case.reference in found.content.decode()
    assert other.reference not in found.content.decode()


def test_what_the_journal_does_not_have_yet_is_a_figure_and_after_five_minutes_an_alarm(client: Client):
    cancel_account(subject=make_person().subject)
    found = figures(client)
    # The cancellation and the consent.
    assert found["portal_journal_lag_rows"] == 2
    assert 0 <= found["portal_journal_lag_seconds"] < 60
    assert not any("journal" in line for line in raise_urgent_alarms())
    with time_machine.travel(timezone.now() + timedelta(minutes=6)), patch.object(lag, "database_now", timezone.now):
        assert figures(client)["portal_journal_lag_seconds"] >= 300
        [alarm] = [line for line in raise_urgent_alarms() if "journal" in line]
    assert alarm.startswith("the erasure journal is 2 rows behind, the oldest from 20")
    write_journal()
    found = figures(client)
    assert found["portal_journal_lag_rows"] == found["portal_journal_lag_seconds"] == 0


def test_a_figure_that_cannot_be_read_stops_no_other_and_is_an_alarm(client: Client, caplog):
    def fails():
        raise ValueError("+8613800138000")

    broken = Watched("broken", "Broken.", figure=fails, lines=fails, severity=Severity.HOURLY)
    with declare(broken):
        shown = figures(client)
        lines = raise_alarms()
    assert "portal_broken" not in shown
    assert "portal_erasures_late" in shown
    assert shown['portal_figure_unread{figure="broken"}'] == 1
    assert shown['portal_figure_unread{figure="erasures_late"}'] == 0
    assert "the figure broken cannot be read (ValueError)" in lines
    assert "+8613800138000" not in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        Watched("wrong", "Wrong.", figure=lambda: "+8613800138000"),  # type: ignore[arg-type, return-value]
        Watched("wrong", "Wrong.", figure=lambda: None),  # type: ignore[arg-type, return-value]
        Watched("wrong", "Wrong.", figure=lambda: float("nan")),
        Watched("wrong", "Wrong.", figure=lambda: {"a": "x"}, by="kind"),  # type: ignore[dict-item]
        Watched("wrong", "Wrong.", figure=lambda: {None: 1}, by="kind"),  # type: ignore[dict-item]
        Watched("wrong", "Wrong.", figure=lambda: {"a": 1}),
    ],
)
def test_a_wrong_figure_stops_no_other(client: Client, caplog, wrong: Watched):
    with declare(wrong):
        shown = figures(client)
    assert [name for name in shown if "wrong" in name] == ['portal_figure_unread{figure="wrong"}']
    assert shown['portal_figure_unread{figure="wrong"}'] == 1
    assert "portal_erasures_late" in shown
    assert "+8613800138000" not in caplog.text


def test_a_scrape_that_takes_long_reads_no_more_figures(client: Client, monkeypatch, caplog):
    monkeypatch.setattr(metrics, "SCRAPE_SECONDS", 0)
    shown = figures(client)
    assert set(shown.values()) == {1}
    assert 'portal_figure_unread{figure="erasures_late"}' in shown
    assert "erasures_late" in caplog.text


def test_a_scrape_that_hangs_occupies_one_thread(client: Client, monkeypatch):
    monkeypatch.setattr(metrics, "WAIT_SECONDS", 0.01)
    begun, ends = threading.Event(), threading.Event()

    def hang() -> float:
        begun.set()
        ends.wait(10)
        return 1

    def scrape() -> int:
        return Client().get("/metrics").status_code

    hanging = Watched("hanging", "Hanging.", figure=hang, in_maintenance=True)
    monkeypatch.setattr(metrics, "declared", lambda _kind: (hanging,))
    monkeypatch.setattr(metrics, "in_maintenance", lambda: False)
    with ThreadPoolExecutor() as threads:
        first = threads.submit(scrape)
        begun.wait(10)
        second = scrape()
        ends.set()
        assert (first.result(), second, scrape()) == (200, 503, 200)
