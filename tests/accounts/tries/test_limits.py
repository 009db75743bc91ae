"""Too many tries are answered with 429 and when to try again; counters hold nothing in clear."""

import datetime as dt
from contextlib import suppress
from types import SimpleNamespace

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.contact_points.services import add_contact_point, mark_verified
from accounts.tries.limits import LIMITS, RateLimited, consume, number_prefix
from privacy.limits import counting
from tests.app import App
from tests.factories import PASSWORD, make_person, make_user

pytestmark = pytest.mark.usefixtures("limits_on")


def try_to_sign_in(client: Client, login: str, times: int, **headers: str):
    for _ in range(times):
        answer = client.post("/sign-in/", {"login": login, "password": "wrong"}, **headers)
    return answer


def test_an_account_is_tried_five_times_whatever_the_network(client: Client):
    user = make_user()
    assert try_to_sign_in(client, user.username, 5).status_code == 200
    answer = client.post("/sign-in/", {"login": user.username, "password": PASSWORD}, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "Too many attempts" in answer.content.decode()


def test_a_number_written_in_many_ways_is_one_account(client: Client):
    make_person(phone="+8613800138000", jurisdiction="cn")
    for written in ("+8613800138000", "+86 138 0013 8000", "13800138000"):
        answer = try_to_sign_in(client, written, 2)
    assert answer.status_code == 429


SPELLINGS = [
    "+8613800138000",
    "+86 138 0013 8000",
    "13800138000",
    "+86-138-0013-8000",
    "+86 (138) 00138000",
    "138 0013 8000",
    "+86.138.0013.8000",
    "+86 138 00138000",
    "138-0013-8000",
    "＋8613800138000",
    "138.0013.8000",
]


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("path", "rest", "spellings", "answers"),
    [
        ("auth/sign-in", {"password": "wrong"}, SPELLINGS[:7], [422] * 5 + [429] * 2),
        ("auth/code", {}, SPELLINGS[:7], [200] * 6 + [429]),
        ("auth/code", {}, ["+8613800138000", *["13800138000"] * 6], [200] * 6 + [429]),
        ("auth/sign-in", {"password": "wrong"}, ["Straße_1", "STRASSE_1"] * 3, [422] * 5 + [429]),
        ("auth/sign-in", {"password": "wrong"}, ["a@EXAMPLE.com", "A@example.com "] * 3, [422] * 5 + [429]),
    ],
)
def test_a_login_counts_by_its_canonical_value_known_or_not(known, path, rest, spellings, answers):
    if known:
        user = make_person(phone="+8613800138000", jurisdiction="cn")
        mark_verified(add_contact_point(subject=user.subject, field="email", value="a@example.com"))
        make_user(username="Straße_1")
    app = App()
    assert [app.post(path, {"login": login} | rest).status_code for login in spellings] == answers


@pytest.mark.parametrize("path", ["auth/code", "auth/recover"])
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    "spent", [{"prefix": "+491512345"}, {"contact": "+4915123456789"}, {"network": "127.0.0.1/32"}], ids=str
)
def test_a_spent_budget_of_codes_blocks_unknown_logins_like_known_ones(path: str, known: bool, spent: dict[str, str]):
    if known:
        make_person(phone="+4915123456789")
    with suppress(RateLimited):
        while True:
            consume("code", **spent)
    assert App().post(path, {"login": "+4915123456789"}).status_code == 429


def test_codes_for_unknown_logins_spend_the_same_budget():
    for tail in range(LIMITS["code"]["prefix"].count):
        App().post("auth/code", {"login": f"+4915123450{tail:03}"})
    with pytest.raises(RateLimited):
        consume("code", prefix="+491512345")


def test_others_are_not_held_up_by_one_accounts_limit(client: Client):
    user, other = make_user(), make_user()
    try_to_sign_in(client, user.username, 11)
    assert client.post("/sign-in/", {"login": other.username, "password": PASSWORD}).status_code == 302


def test_a_network_is_limited_across_accounts():
    for _ in range(LIMITS["sign_in"]["network"].count):
        consume("sign_in", network="192.0.2.7/32")
    with pytest.raises(RateLimited):
        consume("sign_in", network="192.0.2.7/32")
    consume("sign_in", network="192.0.2.8/32")


def test_neighbouring_numbers_share_a_limit():
    prefixes = {number_prefix(f"+4915123450{tail:03}") for tail in range(100, 131)}
    assert prefixes == {"+491512345"}
    for tail in range(LIMITS["code"]["prefix"].count):
        consume("code", contact=f"+4915123450{tail:03}", prefix="+491512345")
    with pytest.raises(RateLimited):
        consume("code", contact="+4915123450999", prefix="+491512345")


def test_a_window_ends():
    for _ in range(LIMITS["set_up_app"]["person"].count):
        consume("set_up_app", person="someone")
    with pytest.raises(RateLimited) as refused:
        consume("set_up_app", person="someone")
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=refused.value.retry_after + 1)):
        consume("set_up_app", person="someone")


def test_further_tries_do_not_end_a_window():
    begin = timezone.now().replace(minute=0, second=1, microsecond=0)
    for minutes in range(0, 54, 9):
        with time_machine.travel(begin + dt.timedelta(minutes=minutes), tick=False):
            consume("code", contact="+4915123456789")
    with time_machine.travel(begin + dt.timedelta(minutes=59), tick=False), pytest.raises(RateLimited):
        consume("code", contact="+4915123456789")


def test_the_counters_hold_no_value_in_clear(monkeypatch: pytest.MonkeyPatch):
    keys: list[str] = []
    monkeypatch.setattr(counting, "cache", SimpleNamespace(count=lambda counters: keys.extend(counters) or [1, 1, 1]))
    consume("code", contact="+4915123456789", network="192.0.2.7/32")
    assert len(keys) == 3
    # Longer than what a hash may contain by chance.
    assert not any("5123456789" in key or "192.0" in key for key in keys)


def test_a_recovery_of_an_unknown_login_has_the_same_limits(client: Client):
    for _ in range(6):
        assert client.post("/recover/", {"login": "nobody@example.com"}).status_code == 302
    assert client.post("/recover/", {"login": "nobody@example.com"}).status_code == 429
