"""Pages state the periods of the settings."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.contact_points.services import add_contact_point
from accounts.users.models import User
from privacy.inventory.periods import period_in_words
from privacy.inventory.retention_classes import RetentionClass, in_a_row, words_of
from tests.factories import make_policy
from tests.sign_in_clients import register


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (timedelta(minutes=10), "10 minutes"),
        (timedelta(seconds=61), "2 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=49), "49 hours"),
        (timedelta(days=7), "7 days"),
    ],
)
def test_a_period_is_said_in_its_largest_unit(period: timedelta, words: str):
    assert period_in_words(period) == words


@pytest.mark.parametrize(
    ("period", "words"),
    [(timedelta(minutes=10), "10分钟"), (timedelta(hours=24), "24小时"), (timedelta(days=7), "7天")],
)
def test_a_period_is_said_in_chinese(period: timedelta, words: str):
    with override("zh-hans"):
        assert period_in_words(period) == words


@pytest.mark.parametrize(
    ("language", "words"), [("en", "account, corrections, and copies"), ("zh-hans", "account、corrections和copies")]
)
def test_a_list_is_written_as_its_language_does(language: str, words: str):
    with override(language):
        assert in_a_row(["account", "corrections", "copies"]) == words
        assert in_a_row([]) == ""
        assert in_a_row(["account"]) == "account"


def test_the_page_of_a_new_account_says_the_periods_that_are_set(client: Client, settings):
    settings.CODE_LIFETIME, settings.UNVERIFIED_FOR = timedelta(minutes=5), timedelta(days=3)
    make_policy("intl")
    register(client)
    page = client.get("/sign-in/verify/").content.decode()
    assert "It expires in 5 minutes." in page
    assert "not verified within 3 days" in page


def test_the_pages_of_codes_and_copies_say_the_periods_that_are_set(signed_in: Client, person: User, settings):
    settings.CODE_LIFETIME, settings.COPY_LIFETIME = timedelta(minutes=5), timedelta(days=2)
    settings.RETENTION_OVERRIDES = {"security": timedelta(days=90)}
    add_contact_point(subject=person.subject, field="email", value="maria@example.com")
    signed_in.post("/settings/security/email/code/", {"again": "yes"})
    assert "It expires in 5 minutes." in signed_in.get("/settings/security/email/code/").content.decode()
    assert "encrypted for 2 days" in signed_in.get("/settings/privacy/copy/").content.decode()
    assert "We keep this list for 90 days" in signed_in.get("/settings/security/events/").content.decode()
    assert words_of(RetentionClass.COPIES) == "30 days after the request; its contents, 2 days"
    asked = Client()
    asked.post("/recover/", {"login": "+381640000000"})
    assert "The code expires in 5 minutes." in asked.get("/recover/code/").content.decode()
