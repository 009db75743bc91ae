"""Times are shown in the person's own zone, and every page that shows one names it."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from tests.factories import PASSWORD, make_person


@pytest.fixture
def person() -> User:
    user = make_person()
    profile = Profile.objects.get(subject_id=user.subject_id)
    profile.time_zone = "Asia/Tokyo"
    profile.save()
    return user


@pytest.fixture
def case() -> ErasureCase:
    """Somebody else's cancellation, at three in the afternoon in Tokyo."""
    case = cancel_account(subject=make_person().subject)
    ErasureCase.objects.update(cancelled_at=datetime(2026, 11, 1, 6, 0, tzinfo=UTC))
    return case


def test_a_receipt_names_the_zone_of_its_times(client: Client, signed_in: Client, case: ErasureCase):
    assert "Nov. 1, 2026, 3 p.m. (Asia/Tokyo)" in signed_in.get(f"/receipts/{case.reference}/").content.decode()
    assert "Nov. 1, 2026, 6 a.m. (UTC)" in Client().get(f"/receipts/{case.reference}/").content.decode()


@pytest.mark.parametrize("page", ["/settings/devices/", "/settings/security/events/"])
def test_a_list_names_the_zone_of_its_times(signed_in: Client, page: str):
    assert "All times are in Asia/Tokyo." in signed_in.get(page).content.decode()


def test_the_page_that_undoes_a_cancellation_shows_the_end(client: Client, person: User):
    cancel_account(subject=person.subject)
    page = client.post("/sign-in/", {"login": person.username, "password": PASSWORD}, follow=True).content.decode()
    assert "(UTC). After that, we erase everything." in page
