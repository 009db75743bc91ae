"""The staff's first page: a part or figure that cannot be read leaves the rest of the page."""

import pytest
from django.conf import settings
from django.test import Client

from privacy.operations.staff_pages import FirstPagePart
from privacy.operations.watching import Severity, Watched
from tests.declarations import declare
from tests.factories import make_staff
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
    assert "cannot be read at the moment" in shown
    assert 'id="messages"' in shown
    assert SECRET not in shown + caplog.text
    assert "The figure broken cannot be read (ValueError)." in caplog.text


def test_a_figure_above_zero_is_shown(support: Client):
    with declare(Watched("some", "Some things", rows=lambda: [1, 2], severity=Severity.HOURLY, seen_by=SEEN_BY)):
        assert "Some things <strong>2</strong>" in page(support)
    with declare(Watched("some", "Some things", rows=list, severity=Severity.HOURLY, seen_by=SEEN_BY)):
        assert "Some things" not in page(support)
