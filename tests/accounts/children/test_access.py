"""A guardian's link to their children works once, within half an hour, and opens a short session of one browser."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.guardians.accesses import delete_old_accesses, links_late, send_access_links
from privacy.guardians.models.accesses import GuardianAccess
from privacy.guardians.models.guardianships import Guardianship
from privacy.notices.models import Notice
from privacy.operations.roles import AUDITOR, PRIVACY_OFFICER
from tests.children import agreed, opened, page_of, registered_child
from tests.erasures import erase
from tests.factories import make_policy, make_staff
from tests.guardians import context_of, path_of
from tests.sign_in_clients import client_of

ADDRESS = "parent@example.com"


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


@pytest.fixture
def child() -> Guardianship:
    return registered_child()


def link(address: str = ADDRESS) -> str:
    """Ask for a link, and return its path."""
    Client().post("/guardians/mine/", {"address": address})
    assert send_access_links() == 1
    return path_of(context_of("guardian_link")["read_url"])


def is_open(browser: Client, guardianship: Guardianship) -> bool:
    return browser.get(page_of(guardianship)).status_code == 200


def past(**period: int) -> None:
    """Let everything about accesses be so much older."""
    moved = dt.timedelta(**period)
    for access in GuardianAccess.objects.all():
        for name in ("asked_at", "sent_at", "opened_at", "used_at"):
            at = getattr(access, name)
            setattr(access, name, at and at - moved)
        access.save()


def test_a_link_works_once_and_the_second_use_says_so_and_offers_a_new_one(child: Guardianship):
    path, first, second = link(), Client(), Client()
    assert first.post(path)["Location"] == "/guardians/mine/"
    assert is_open(first, child)
    again = second.post(path)
    assert again.status_code == 410
    assert "This link was used already" in again.content.decode()
    assert 'action="/guardians/mine/"' in again.content.decode()
    assert not is_open(second, child)
    assert is_open(first, child)


def test_reading_the_page_of_a_link_uses_nothing(child: Guardianship):
    path, browser = link(), Client()
    assert browser.get(path).status_code == browser.head(path).status_code == 200
    assert not is_open(browser, child)
    assert browser.post(path).status_code == 302


def test_a_link_works_for_half_an_hour(child: Guardianship):
    path = link()
    past(minutes=31)
    late = Client().post(path)
    assert (late.status_code, "older than half an hour" in late.content.decode()) == (410, True)
    assert Client().post("/guardians/mine/link/forged/").status_code == 410


def test_a_new_link_is_sent_within_the_hour_of_another(child: Guardianship):
    first, second = link(), link()
    assert first != second
    assert Notice.objects.filter(template="guardian_link").count() == 2
    assert Client().post(first).status_code == Client().post(second).status_code == 302


def test_a_session_ends_half_an_hour_after_its_last_use_and_four_hours_after_its_beginning(child: Guardianship):
    browser = opened()
    past(minutes=29)
    assert is_open(browser, child)
    past(minutes=29)
    assert is_open(browser, child)
    past(minutes=31)
    assert not is_open(browser, child)
    browser = opened()
    for _number in range(9):
        past(minutes=29)
        seen = is_open(browser, child)
    assert not seen


def test_a_session_belongs_to_its_browser_under_a_new_secret(child: Guardianship):
    browser, _number = agreed("other@example.com")
    name = settings.SESSION_COOKIE_NAME
    before = browser.cookies[name].value
    browser.post(link())
    assert browser.cookies[name].value != before
    stranger = Client()
    stranger.cookies[name] = before
    assert (is_open(browser, child), is_open(stranger, child), is_open(Client(), child)) == (True, False, False)


def test_a_guardian_signs_out_here_or_everywhere(child: Guardianship):
    here, there, unused = opened(), opened(), link()
    assert here.get("/guardians/mine/sign-out/").status_code == 405
    here.post("/guardians/mine/sign-out/")
    assert (is_open(here, child), is_open(there, child)) == (False, True)
    there.post("/guardians/mine/sign-out/", {"everywhere": "yes"})
    assert not is_open(there, child)
    assert Client().post(unused).status_code == 410


def test_staff_revoke_the_links_and_sessions_of_a_guardian(child: Guardianship):
    browser, unused = opened(), link()
    page = f"/admin/privacy/guardianship/{child.pk}/"
    assert client_of(make_staff(AUDITOR, username="auditor")).post(f"{page}revoke/").status_code == 403
    officer = client_of(make_staff(PRIVACY_OFFICER))
    assert "Revoke links and sessions" in officer.get(f"{page}change/").content.decode()
    assert officer.post(f"{page}revoke/").status_code == 302
    assert not is_open(browser, child)
    assert Client().post(unused).status_code == 410


def test_an_unknown_address_gets_the_same_answer_by_the_same_queries_and_no_message(
    child: Guardianship, django_assert_num_queries
):
    Client().post("/guardians/mine/", {"address": ADDRESS})
    asked = []
    for address in (ADDRESS, "nobody@example.com"):
        with django_assert_num_queries(3):
            asked.append(Client().post("/guardians/mine/", {"address": address}))
    known, unknown = asked
    assert (known.status_code, len(known.content)) == (unknown.status_code, len(unknown.content))
    assert send_access_links() == 2
    assert send_access_links() == 0
    assert GuardianAccess.objects.count() == 2


def test_nothing_stored_opens_anything(child: Guardianship):
    secret = link().rstrip("/").rpartition("/")[2]
    browser = opened()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM privacy_guardianaccess")
        stored = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
    assert secret not in stored
    assert ADDRESS not in stored
    assert str(GuardianAccess.objects.latest("asked_at").pk) not in str(
        list(Session.objects.values_list("session_data"))
    )
    assert is_open(browser, child)


def test_links_and_sessions_are_deleted_after_a_day_and_late_ones_raise_an_alarm(child: Guardianship):
    opened()
    Client().post("/guardians/mine/", {"address": ADDRESS})
    assert (links_late().count(), delete_old_accesses()) == (0, 0)
    past(minutes=16)
    assert links_late().count() == 1
    past(days=1)
    assert delete_old_accesses() == 2


def test_with_the_last_child_of_a_guardian_the_hash_of_their_address_goes(child: Guardianship):
    opened()
    other = registered_child("other_child", "+4915123456780", "other@example.com")
    opened("other@example.com")
    assert delete_old_accesses() == 0
    erase(User.objects.get(subject_id=child.subject_id))
    assert delete_old_accesses() == 1
    assert bytes(GuardianAccess.objects.get().address_index) == bytes(other.address_index)


def test_the_database_refuses_a_session_without_a_link():
    for wrong in ({"opened_at": timezone.now(), "used_at": timezone.now()}, {"sent_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GuardianAccess.objects.create(address_index=ADDRESS, **wrong)


def test_a_guardian_makes_no_more_copies_in_an_hour_than_a_guardian_needs(child: Guardianship, limits_on):
    browser = opened()
    found = [browser.get(page_of(child, "copy/")).status_code for _number in range(61)]
    assert (found[0], found[-1]) == (200, 429)
