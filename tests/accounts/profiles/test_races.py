"""Two corrections of one person at once: whoever waited sees what the other wrote."""

from threading import Event, Thread

import pytest
from django.db import connections, transaction

from accounts.profiles.models import Correction, Profile
from accounts.profiles.queries import profile_values
from accounts.profiles.services import correct_locked, correct_profile, lock_profile
from tests.factories import make_person
from tests.parallel import in_parallel

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_whoever_waits_for_the_lock_reads_what_was_written_meanwhile():
    subject = make_person().subject
    asked, seen = Event(), []

    def wait_and_read() -> None:
        with transaction.atomic():
            asked.set()
            seen.append(profile_values(lock_profile(subject_id=subject.pk)))
        connections.close_all()

    with transaction.atomic():
        held = lock_profile(subject_id=subject.pk)
        other = Thread(target=wait_and_read)
        other.start()
        asked.wait()
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
