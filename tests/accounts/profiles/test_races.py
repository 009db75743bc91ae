"""Two corrections of one person at once: the later one reads the changes of the first."""

import time
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.profiles.models import Correction, Profile
from accounts.profiles.queries import profile_values
from accounts.profiles.services import correct_locked, correct_profile, lock_profile
from tests.factories import make_person
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def wait_until_a_lock_is_waited_for() -> None:
    """Return once another connection to this database waits for a lock."""
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else the transaction sees what it saw first
            cursor.execute(waiting)
            if cursor.fetchone():
                return
    raise AssertionError("Nobody waits.")


def test_a_waiting_lock_reads_the_changes_made_meanwhile():
    subject = make_person().subject
    seen: list[dict[str, Any]] = []

    def wait_and_read() -> None:
        with transaction.atomic():
            seen.append(profile_values(lock_profile(subject_id=subject.pk)))
        connections.close_all()

    with transaction.atomic():
        held = lock_profile(subject_id=subject.pk)
        other = Thread(target=wait_and_read)
        other.start()
        wait_until_a_lock_is_waited_for()
        correct_locked(subject=subject, profile=held, values={"company_name": "Groß & Söhne"})
    other.join()
    assert seen[0]["company_name"] == "Groß & Söhne"


def test_parallel_corrections_of_other_fields_all_stay():
    subject = make_person().subject
    values = [{"company_name": "Groß & Söhne"}, {"time_zone": "Europe/Berlin"}, {"name": "Ана Петровић"}]
    assert in_parallel(3, lambda n: correct_profile(subject=subject, values=values[n])) == ["done"] * 3
    kept = profile_values(Profile.objects.get(subject=subject))
    assert {key: kept[key] for value in values for key in value} == values[0] | values[1] | values[2]
    assert Correction.objects.filter(subject=subject).count() == 3
