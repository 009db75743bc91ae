"""Staff see and type times in the time zone of their profile, and every page says which it is."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.profiles.services import new_profile
from privacy.erasure.models import ErasureCase
from privacy.erasure.services import cancel_account
from privacy.holds.models import LegalHold
from tests.factories import make_person, make_staff
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
FORM = {"exception": "1.7.3", "legal_basis": "Order 12/2026", "classes": ["contact"]}


@pytest.fixture
def in_shanghai() -> Client:
    staff = make_staff()
    values = {"name": "Li Wei", "country": "CN", "time_zone": "Asia/Shanghai"}
    new_profile(subject=staff.subject, kind="individual", values=values).save()
    return client_of(staff)


def test_every_page_names_the_zone(in_shanghai: Client):
    for path in ("/admin/", "/admin/privacy/legalhold/", "/admin/privacy/legalhold/add/", "/admin/accounts/user/"):
        assert "All times are in Asia/Shanghai." in in_shanghai.get(path).content.decode()


def test_staff_without_a_profile_have_the_zone_of_the_portal():
    assert "All times are in UTC." in client_of(make_staff()).get("/admin/").content.decode()


def test_a_list_a_page_and_a_file_show_the_same_time(in_shanghai: Client):
    case = cancel_account(subject=make_person().subject)
    ErasureCase.objects.update(due_at=datetime(2026, 11, 29, 20, 30, tzinfo=UTC))
    for path in ("", f"{case.pk}/change/"):
        assert "Nov. 30, 2026, 4:30 a.m." in in_shanghai.get(f"/admin/privacy/erasurecase/{path}").content.decode()
    assert "2026-11-30 04:30:00+08:00" in in_shanghai.post("/admin/privacy/erasurecase/export/").getvalue().decode()


def test_a_form_reads_a_time_in_the_zone_that_it_names(in_shanghai: Client):
    assert "Until (Asia/Shanghai)" in in_shanghai.get("/admin/privacy/legalhold/add/").content.decode()
    until = f"{timezone.now().year + 1}-01-31 07:00"
    form = FORM | {"subject": str(make_person().subject_id), "until": until}
    assert in_shanghai.post("/admin/privacy/legalhold/add/", form).status_code == 302
    assert f"{LegalHold.objects.get().until.astimezone(UTC):%m-%d %H:%M}" == "01-30 23:00"


def test_the_form_of_a_publication_names_the_zone():
    from privacy.policies.forms import PublishForm

    with timezone.override("Asia/Shanghai"):
        assert PublishForm().fields["effective_at"].label == "Effective (Asia/Shanghai)"
