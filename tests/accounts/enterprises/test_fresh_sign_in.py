"""Acts that change who is a member, and in which role, need a fresh sign-in: on pages and over REST."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.enterprises import urls
from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.services import offer_ownership
from accounts.users.models import User
from privacy.subjects.markers import needs_fresh_sign_in
from tests.app import App
from tests.enterprises import invited, make_enterprise, make_member
from tests.factories import PASSWORD
from tests.sign_in_clients import client_of, fresh_client_of

LATER = dt.timedelta(minutes=11)
PAGES, MEMBER, REST = "/settings/enterprise/", "/settings/enterprise/members/{member}/", "me/enterprise"


@dataclass(frozen=True)
class Act:
    """An act on a page and over REST, by an owner or by the plain member, and what it changes."""

    page: str
    form: dict[str, str]
    method: str
    path: str
    body: Any
    is_done: Callable[[], bool]
    by_member: bool = False


def member() -> Membership:
    """The membership of the plain member, who joined last."""
    return Membership.objects.latest("since")


ACTS = {
    "invite": Act(
        f"{PAGES}invite/",
        {"address": "new@example.com", "role": "member"},
        "POST",
        f"{REST}/invitations",
        {"address": "new@example.com", "role": "member"},
        lambda: Invitation.objects.filter(used_at=None).exists(),
    ),
    "role": Act(
        f"{MEMBER}role/",
        {"role": "administrator"},
        "PATCH",
        f"{REST}/members/{{member}}",
        {"role": "administrator"},
        lambda: member().role == "administrator",
    ),
    "remove": Act(
        f"{MEMBER}remove/",
        {},
        "DELETE",
        f"{REST}/members/{{member}}",
        None,
        lambda: member().ended_at is not None,
    ),
    "offer": Act(
        f"{MEMBER}ownership/",
        {"hands_over": "on"},
        "POST",
        f"{REST}/members/{{member}}/ownership",
        {"hands_over": True},
        lambda: member().offered_by is not None,
    ),
    "accept": Act(
        f"{PAGES}ownership/",
        {"agrees": "yes"},
        "POST",
        f"{REST}/ownership",
        {"agrees": True},
        lambda: member().role == "owner",
        by_member=True,
    ),
    "leave": Act(
        f"{PAGES}leave/",
        {},
        "DELETE",
        f"{REST}/membership",
        None,
        lambda: member().ended_at is not None,
        by_member=True,
    ),
}


def actor(name: str) -> tuple[Act, User, dict[str, str]]:
    """Whoever does the act, with what it needs, and the number of the plain member."""
    enterprise = make_enterprise()
    (owner, _own), (person, joined) = make_member(enterprise, "owner"), make_member(enterprise)
    if name == "accept":
        offer_ownership(by=owner.subject, number=joined.pk, hands_over=False)
    return ACTS[name], person if ACTS[name].by_member else owner, {"member": str(joined.pk)}


@pytest.mark.parametrize("name", ACTS)
def test_a_page_asks_again_and_then_does_it(name: str):
    act, who, numbers = actor(name)
    browser = client_of(who)
    asked = browser.post(act.page.format(**numbers), act.form)
    assert asked.headers["Location"].startswith("/sign-in/again/")
    assert not act.is_done()
    browser.post(asked.headers["Location"], {"password": PASSWORD})
    assert act.is_done()


@pytest.mark.parametrize("name", ACTS)
def test_a_page_does_it_at_once_after_a_fresh_sign_in(name: str):
    act, who, numbers = actor(name)
    done = fresh_client_of(who).post(act.page.format(**numbers), act.form)
    assert done.headers["Location"].startswith("/settings/")
    assert act.is_done()


@pytest.mark.parametrize("name", ACTS)
def test_an_app_signs_in_again_first(name: str):
    act, who, numbers = actor(name)
    app = App()
    app.sign_in(str(who.username), PASSWORD)
    with time_machine.travel(timezone.now() + LATER):
        refused = app.send(act.method, act.path.format(**numbers), act.body)
        assert (refused.status_code, refused.json()["code"]) == (403, "fresh_sign_in_required")
        assert not act.is_done()
        assert app.post("auth/again", {"password": PASSWORD}).status_code == 204
        assert app.send(act.method, act.path.format(**numbers), act.body).status_code in (201, 204)
    assert act.is_done()


def test_reading_correcting_and_withdrawing_an_invitation_do_not_ask():
    enterprise = make_enterprise()
    invited(enterprise)
    browser, number = client_of(enterprise), Invitation.objects.get().pk
    assert browser.get(PAGES).status_code == 200
    assert browser.get(f"{PAGES}data/").status_code == 200
    browser.post(f"{PAGES}invitations/{number}/withdraw/")
    assert Invitation.objects.get().revoked_at


def test_every_act_on_members_is_marked():
    open_ones = {"enterprise", "correct_enterprise", "withdraw_invitation", "join_enterprise"}
    marked = {each.name for each in urls.urlpatterns if needs_fresh_sign_in(each.callback, "POST")}
    assert marked == {each.name for each in urls.urlpatterns} - open_ones
