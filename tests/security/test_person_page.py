"""A person sees each time that a member of staff reads the page about them."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.users.models import User
from privacy.access.models import AccessRecord
from tests.factories import make_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.embedded


PAGE = "/admin/accounts/user/{}/change/"


def test_a_page_of_a_person_that_is_read_again_later_is_recorded(person: User):
    staff = client_of(make_staff("Support"))
    staff.post("/admin/accounts/user/", {"who": person.username})
    staff.get(PAGE.format(person.pk))
    assert AccessRecord.objects.count() == 1  # the search and the page that it leads to are one reading
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=50), tick=False):
        for _ in range(2):
            assert 'id="sessions"' in staff.get(PAGE.format(person.pk)).content.decode()
        assert list(AccessRecord.objects.values_list("act", flat=True)) == ["found", "found"]


def test_a_page_that_is_opened_by_its_address_is_recorded_for_each_member_of_staff(person: User):
    for staff in (make_staff("Support", username="one"), make_staff("Privacy officer", username="two")):
        client_of(staff).get(PAGE.format(person.pk))
        assert AccessRecord.objects.filter(staff=staff.pk, subject=person.subject).count() == 1
