"""A stranger's request for access: filed and confirmed, in two languages, with and without JavaScript."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal, wait_for
from tests.journeys.looking import settle, take_picture, violations

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

WORDS = {
    "en-GB": {
        "send": "Send request",
        "confirm": "Confirm",
        "again": "Didn't get it? Send a new code",
        "received": "Received: please confirm that it is you",
        "proven": "Identity confirmed",
        "withdraw": "Withdraw",
        "withdrawn": "Withdrawn.",
    },
    "zh-CN": {
        "send": "提交申请",
        "confirm": "确认",
        "again": "没收到？重新发送",
        "received": "已收到：请确认是您本人",
        "proven": "已确认身份",
        "withdraw": "撤回",
        "withdrawn": "已撤回。",
    },
}


def opened(portal: LivePortal, browser: Browser, language: str, *, scripts: bool, width: int) -> Page:
    return browser.new_context(
        base_url=portal.url,
        locale=language,
        java_script_enabled=scripts,
        viewport={"width": width, "height": 800},
        color_scheme="light" if width == 375 else "dark",
    ).new_page()


def look(page: Page, file: Path, *, scripts: bool) -> None:
    """Nothing is wider than the page; axe finds nothing, where it can run."""
    if scripts:
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
    take_picture(page, file)


@dataclass(frozen=True)
class Visit:
    """One way to visit the portal: language, width, and whether scripts run."""

    portal: LivePortal
    browser: Browser
    screenshots: Path
    language: str
    scripts: bool
    width: int

    @property
    def said(self) -> dict[str, str]:
        return WORDS[self.language]

    @property
    def name(self) -> str:
        return f"{self.language}-{self.width}{'' if self.scripts else '-plain'}"

    def opened(self) -> Page:
        return opened(self.portal, self.browser, self.language, scripts=self.scripts, width=self.width)

    def look(self, page: Page, what: str) -> None:
        look(page, self.screenshots / f"{what}-{self.name}.png", scripts=self.scripts)


def fill_in(visit: Visit, address: str) -> Page:
    """File a request for access, with a question, after one that misses something."""
    page = visit.opened()
    page.goto("/")
    page.locator(".foot-links a[href='/requests/']").click()
    expect(page.locator("#id_country")).to_have_value("GB" if visit.language == "en-GB" else "CN")
    visit.look(page, "requests")

    # The grounds of a deletion are shown once it is ticked; what is missing is named, and nothing typed is lost.
    grounds = page.locator("input[name=ground]")
    expect(grounds.first).not_to_be_visible()
    page.locator("input[name=rights][value=deletion]").check()
    expect(grounds.first).to_be_visible()
    page.locator("#id_contact").fill(address)
    page.locator("#id_country").select_option("DE")
    page.locator("#id_text").fill("Everything since 2021.")
    page.get_by_role("button", name=visit.said["send"]).click()
    expect(page.locator(".summary")).to_be_visible()
    expect(grounds.first).to_be_visible()
    expect(page.locator("#id_text")).to_have_value("Everything since 2021.")
    visit.look(page, "requests-errors")
    page.locator("input[name=rights][value=deletion]").uncheck()
    # The portal carries out the access by itself; the question waits for staff, and may be withdrawn.
    page.locator("input[name=rights][value=access]").check()
    page.locator("input[name=rights][value=question]").check()
    page.get_by_role("button", name=visit.said["send"]).click()
    return page


def confirm(visit: Visit, page: Page, address: str) -> str:
    """Confirm it with the second code, after a wrong one; return its due time."""
    expect(page).to_have_url(re.compile("/requests/[0-9A-Z-]{23}/$"))
    expect(page.get_by_text(visit.said["received"])).to_be_visible()
    due = page.locator(".timeline .ahead time").get_attribute("datetime")
    visit.look(page, "request")
    first = visit.portal.code_for(address)
    page.locator("#id_code").fill("000000" if first != "000000" else "111111")
    page.get_by_role("button", name=visit.said["confirm"], exact=True).click()
    expect(page.locator(".summary")).to_be_visible()
    page.get_by_role("button", name=visit.said["again"]).click()
    page.locator("#id_code").fill(visit.portal.code_for(address, after=1))
    page.get_by_role("button", name=visit.said["confirm"], exact=True).click()
    expect(page.locator(".timeline").get_by_text(visit.said["proven"])).to_be_visible()
    expect(page.locator("#id_code")).to_have_count(0)
    visit.look(page, "request-proven")
    return str(due)


def withdraw_by_the_link(visit: Visit, page: Page, address: str, due: str) -> None:
    # The link of the message opens the same page, with the same due time, in another browser.
    link = wait_for(lambda: re.search(r"/requests/[0-9A-Z-]{23}/[\w-]{40,}/", str(visit.portal.messages(address))))
    other = visit.opened()
    other.goto(link[0])  # type: ignore[index]
    assert other.url == page.url
    expect(other.locator(".timeline .ahead time")).to_have_attribute("datetime", due)

    other.locator("a[href$='/withdraw/question/']").click()
    expect(other).to_have_url(re.compile("/withdraw/question/$"))
    visit.look(other, "request-withdraw")
    other.get_by_role("button", name=visit.said["withdraw"], exact=True).click()
    expect(other.get_by_text(visit.said["withdrawn"])).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 375), (True, 1280), (False, 375)])
@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_a_stranger_asks_for_access_and_confirms_it(
    portal: LivePortal, browser: Browser, screenshots: Path, language: str, scripts: bool, width: int
):
    visit = Visit(portal, browser, screenshots, language, scripts, width)
    address = f"ada.{visit.name.lower()}@post.example"
    page = fill_in(visit, address)
    due = confirm(visit, page, address)
    assert due.endswith("T23:59:59+01:00")  # the end of the day in Germany, whose zone is known
    withdraw_by_the_link(visit, page, address, due)
