"""The staff's first page: a part or figure that cannot be read leaves the rest of the page."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import formats, timezone

from privacy.operations.staff_pages import FirstPagePart, Need
from privacy.operations.watching import Severity, Watched
from tests.declarations import declare
from tests.factories import make_staff
from tests.filled_portal import fill_portal
from tests.sign_in_clients import client_of

SECRET = "+8613800138000"
SEEN_BY = "privacy.view_notice"
MESSAGES = "admin/first_page/messages.html"


def fail(*_given):
    raise ValueError(SECRET)


class Unreadable:
    """As a query set that fails once a template reads it."""

    def __iter__(self):
        raise ValueError(SECRET)


@pytest.fixture
def support() -> Client:
    return client_of(make_staff("Support"))


def page(client: Client, language: str = "en") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "part",
    [
        FirstPagePart(MESSAGES, fail, (SEEN_BY,), position=5),
        FirstPagePart("admin/first_page/holds.html", lambda _user: {"asked": Unreadable()}, (SEEN_BY,), position=5),
    ],
    ids=["its query fails", "its template fails"],
)
def test_a_part_that_cannot_be_read_leaves_the_others(support: Client, caplog, part: FirstPagePart, language: str):
    with declare(part):
        shown = page(support, language)
    said = {"en": "This part cannot be read at the moment.", "zh-hans": "目前无法读取这部分内容。"}
    assert shown.count(said[language]) == 1
    assert 'id="messages"' in shown
    assert SECRET not in shown + caplog.text
    assert f"The part {part.template} of the first page cannot be read (ValueError)." in caplog.text


def test_a_figure_that_cannot_be_read_is_named(support: Client, caplog):
    broken = Watched("broken", "Broken things", rows=fail, severity=Severity.HOURLY, seen_by=SEEN_BY)
    with declare(broken):
        shown = page(support)
    assert "Broken things" in shown
    assert "Cannot be read at the moment." in shown
    assert 'id="messages"' in shown
    assert SECRET not in shown + caplog.text
    assert "The figure broken cannot be read (ValueError)." in caplog.text


def test_a_figure_above_zero_is_shown(support: Client):
    with declare(Watched("some", "Some things", rows=lambda: [1, 2], severity=Severity.HOURLY, seen_by=SEEN_BY)):
        assert '<h2>Some things</h2>\n<p class="count">2</p>' in page(support)
    with declare(Watched("some", "Some things", rows=list, severity=Severity.HOURLY, seen_by=SEEN_BY)):
        assert "Some things" not in page(support)


def test_a_card_says_how_much_waits_how_soon_and_where(support: Client):
    due = timezone.now() + timedelta(days=3)
    need = Need("Some things", 2, "/admin/some/?needs=late", due, is_urgent=True)
    part = FirstPagePart(MESSAGES, lambda _user: {"count": 0}, (SEEN_BY,), position=5, needs=lambda _context: [need])
    with declare(part):
        shown = page(support)
    assert '<h2><a href="/admin/some/?needs=late">Some things</a></h2>\n<p class="count">2</p>' in shown
    assert f"First due: {formats.date_format(due, 'DATETIME_FORMAT')}" in shown
    assert 'class="card choice-card need need-urgent"' in shown
    assert "Nothing needs you today." not in shown


def test_urgent_cards_are_first(support: Client):
    needs = [Need("Later", 1), Need("Sooner", 1, is_urgent=True)]
    part = FirstPagePart(MESSAGES, lambda _user: {"count": 0}, (SEEN_BY,), position=5, needs=lambda _context: needs)
    with declare(part):
        shown = page(support)
    assert shown.index("Sooner") < shown.index("Later")


def test_the_first_page_says_when_nothing_needs_anyone(support: Client):
    assert "Nothing needs you today." in page(support)
    assert "今天没有需要您处理的事项。" in page(support, "zh-hans")
    with declare(FirstPagePart(MESSAGES, fail, (SEEN_BY,), position=5)):
        assert "Nothing needs you today." not in page(support)


def test_the_list_behind_a_card_has_the_rows_that_the_card_counts():
    fill_portal()
    client = client_of(make_staff())
    shown = page(client)
    links = re.findall(r'<a href="(/admin/[^"]+)">[^<]+</a></h2>\n<p class="count">(\d+)</p>', shown)
    assert {link.partition("?")[0] for link, _count in links} >= {
        "/admin/privacy/erasurecase/", "/admin/privacy/legalhold/", "/admin/privacy/delivery/",
    }  # fmt: skip
    for link, count in links:
        if "?" in link:
            listed = client.get(link.replace("&amp;", "&"))
            assert listed.context["cl"].result_count == int(count), link


def test_cards_are_for_those_who_may_see_their_part():
    fill_portal()
    shown = page(client_of(make_staff("Support")))
    assert "Legal holds to approve" not in shown
    assert "Erasures overdue" not in shown
    assert "Sign-in resets to decide" in shown
