"""Questions whether something exists are counted, and each person found by staff is recorded."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.contact_points.models import ContactPoint
from accounts.tries.limits import LIMITS
from accounts.users.models import User
from privacy.access.models import AccessRecord
from privacy.erasure.services import cancel_account
from tests.app import App, registered
from tests.factories import make_person, make_policy, make_staff, make_user
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.usefixtures("limits_on"), pytest.mark.embedded]


@pytest.fixture
def app() -> App:
    make_policy()
    return registered()


def test_a_username_is_asked_for_so_often_only_whatever_else_the_correction_holds(app: App):
    make_user(username="taken_name")
    answers = [app.send("PATCH", "me", {"username": "taken_name", "time_zone": "Nope/Nope"}) for _ in range(80)]
    codes = [answer.status_code for answer in answers]
    assert codes[:20] == [422] * 20
    assert set(codes[20:]) == {429}
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_the_profile_page_counts_usernames_too(signed_in: Client):
    for number in range(LIMITS["username"]["person"].count):
        assert signed_in.post("/settings/profile/", {"username": f"name{number}"}).status_code == 200
    assert signed_in.post("/settings/profile/", {"username": "one_more"}).status_code == 429


def test_ones_own_username_asks_nothing(app: App):
    for _ in range(LIMITS["username"]["person"].count + 2):
        assert app.send("PATCH", "me", {"username": "joerg_gross"}).status_code == 200


@pytest.mark.parametrize("path", ["/receipts/{}/", "/receipts/?reference={}", "/api/v1/receipts/{}"])
def test_receipts_are_looked_up_so_often_only(client: Client, path: str):
    case = cancel_account(subject=make_person().subject)
    for number in range(LIMITS["receipt"]["network"].count):
        client.get(path.format(f"AAAA-{number}"))
    answer = client.get(path.format(case.reference))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get(path.format(case.reference), REMOTE_ADDR="198.51.100.7").status_code in (200, 302)


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "POST", "BREW"])
def test_no_method_of_a_receipt_page_goes_uncounted(client: Client, method: str):
    for number in range(LIMITS["receipt"]["network"].count):
        client.generic(method, f"/receipts/AAAA-{number}/")
    assert client.generic(method, "/receipts/AAAA-0/").status_code == 429


def test_a_search_with_a_result_is_recorded(person: User):
    reviewer = client_of(make_staff("Reviewer"))
    phone = ContactPoint.objects.get(subject_id=person.subject_id).value
    assert reviewer.post("/admin/accounts/user/", {"who": phone}).status_code == 302
    record = AccessRecord.objects.get(subject=person.subject)
    assert (record.act, record.reason) == ("found", "search")


def test_a_search_without_a_result_is_logged_without_its_term(client: Client):
    client_of(make_staff("Reviewer")).post("/admin/accounts/user/", {"who": "+4915123456789"})
    note = LogEntry.objects.get()
    assert "4915123456789" not in note.change_message + note.object_repr
    assert not AccessRecord.objects.exists()


def test_staff_search_so_often_only():
    reviewer = client_of(make_staff("Reviewer"))
    for number in range(LIMITS["staff_search"]["person"].count):
        assert reviewer.post("/admin/accounts/user/", {"who": f"nobody{number}"}).status_code == 200
    answer = reviewer.post("/admin/accounts/user/", {"who": "nobody"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
