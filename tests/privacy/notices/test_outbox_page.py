import pytest
import time_machine
from django.test import Client
from django.urls import resolve

from privacy.notices import outbox
from privacy.subjects.markers import is_open_at_the_gate

pytestmark = pytest.mark.embedded

PAGE = "/outbox/"


@pytest.fixture(autouse=True)
def _own_outbox(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path


def write_two():
    with time_machine.travel("2026-11-01 10:00Z", tick=False):
        outbox.write("email", "a@example.org", "Older", "See https://portal.test/x", "")
    with time_machine.travel("2026-11-01 11:00Z", tick=False):
        outbox.write("sms", "+8613800138000", "", "Newer", "493817")


def test_newest_is_first():
    write_two()
    page = Client().get(PAGE).content.decode()
    assert page.index("Newer") < page.index("Older")
    assert 'href="https://portal.test/x"' in page


def test_a_message_says_in_words_how_and_when_it_was_sent():
    write_two()
    page = Client().get(PAGE).content.decode()
    assert "<h2>SMS</h2>" in page
    assert "Nov. 1, 2026, 11 a.m.</time> (UTC)" in page


def test_one_address_alone():
    write_two()
    page = Client().get(PAGE, {"to": "+8613800138000"}).content.decode()
    assert "493817" in page
    assert "Older" not in page


def test_an_empty_outbox_says_what_will_appear():
    assert "No messages yet" in Client().get(PAGE).content.decode()
    assert "No messages to a@example.org yet" in Client().get(PAGE, {"to": "a@example.org"}).content.decode()


def test_there_is_no_outbox_in_production(settings):
    settings.OUTBOX_DIR = None
    assert Client().get(PAGE).status_code == 404


def test_the_outbox_stays_open_at_the_gate():
    assert is_open_at_the_gate(resolve(PAGE).func, "POST")
