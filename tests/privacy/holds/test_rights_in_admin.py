"""Who may do what with a hold in the admin, and what the pages offer to whom."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.users.models import User
from privacy.holds.models import LegalHold
from privacy.holds.services import approve_hold, ask_for_release, refuse_hold
from tests.factories import make_staff
from tests.privacy.holds.in_admin import ACTS, ADD, OTHERS, UNTIL, act, asked, limited_to, page
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


def test_acts_are_for_those_who_may_and_by_post_only(asks: User, decides: User):
    hold = asked(asks)
    where = reverse("admin:privacy_legalhold_approve", args=[hold.pk])
    assert client_of(decides).get(where).status_code == 403
    unknown = reverse("admin:privacy_legalhold_approve", args=[uuid4()])
    assert client_of(decides).post(unknown).status_code == 404
    for role in OTHERS:
        for name in ACTS:
            other = make_staff(role, username=f"{role}-{name}".replace(" ", "-").lower())
            assert act(other, hold, name).status_code == 403
    hold.refresh_from_db()
    assert hold.state == "asked"


@pytest.mark.parametrize(
    ("right", "acts"),
    [
        ("approve_legalhold", {"approve", "refuse"}),
        ("release_legalhold", {"ask-release", "release", "keep"}),
        ("add_legalhold", set()),
    ],
)
def test_each_act_needs_its_own_right(asks: User, decides: User, right: str, acts: set[str]):
    limited = limited_to(right)
    for name in ACTS:
        hold = asked(asks)
        if name not in ("approve", "refuse"):
            approve_hold(hold=hold, by=decides.pk)
        if name in ("release", "keep"):
            ask_for_release(hold=hold, by=decides.pk)
        assert (act(limited, hold, name).status_code == 302) == (name in acts), name
    assert (client_of(limited).get(ADD).status_code == 200) == (right == "add_legalhold")


def test_the_page_offers_what_can_be_done_now_to_those_who_may(asks: User, decides: User):
    hold = asked(asks)

    def offered(user: User) -> set[str]:
        shown = page(user, hold)
        return {name for name in ACTS if f"/{hold.pk}/{name}/" in shown}

    assert offered(asks) == set()
    assert "You requested it. A second person must decide." in page(asks, hold)
    viewer = limited_to("view_legalhold")
    assert (offered(decides), offered(viewer)) == ({"approve", "refuse"}, set())
    approve_hold(hold=hold, by=decides.pk)
    assert (offered(decides), offered(viewer)) == ({"ask-release"}, set())
    act(decides, hold, "ask-release")
    assert (offered(decides), offered(asks), offered(viewer)) == ({"keep"}, {"release", "keep"}, set())
    act(asks, hold, "release")
    assert offered(decides) == set()
    assert "Court order 12/2026" in page(decides, hold)


def test_no_hold_is_edited_or_deleted_even_with_every_permission(asks: User):
    hold, boss = asked(asks), make_staff(username="boss")
    shown = page(boss, hold)
    assert 'name="_save"' not in shown
    assert client_of(boss).post(reverse("admin:privacy_legalhold_delete", args=[hold.pk])).status_code == 403
    client_of(boss).post(reverse("admin:privacy_legalhold_change", args=[hold.pk]), {"until_0": "2099-01-01"})
    hold.refresh_from_db()
    assert hold.until == UNTIL


def test_the_first_page_lists_what_waits_for_a_second_person_oldest_first(asks: User, decides: User):
    younger, older = asked(asks), asked(asks)
    refuse_hold(hold=asked(asks), by=decides.pk)
    LegalHold.objects.filter(pk=older.pk).update(asked_at=datetime(2026, 1, 1, tzinfo=UTC))
    shown = client_of(decides).get(reverse("admin:index")).content.decode()
    assert 0 < shown.index(str(older.pk)) < shown.index(str(younger.pk))


def test_there_is_no_page_of_what_is_no_number(asks: User):
    answer = client_of(asks).get("/admin/privacy/legalhold/nothing/change/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
