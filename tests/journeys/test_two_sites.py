"""A person moves from the portal in China to the one in Germany with a file that they carry, and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal, free_port, wait_for
from tests.journeys.looking import follow, take_picture, violations
from tests.journeys.people import Person, individual_in_china
from tests.journeys.steps import (
    agree,
    answer_age_question,
    fill,
    let_the_cooling_off_period_end,
    register,
    verify,
)
from tests.traces import traces

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LivePortal, LivePortal]]:
    """The portals of both companies, each with databases of its own and the address of the other."""
    ports = {"cn": free_port(), "intl": free_port()}
    portals = []
    for code, other in (("cn", "intl"), ("intl", "cn")):
        settings = {"JURISDICTIONS": code, "JURISDICTION_URLS": f"{other}=http://127.0.0.1:{ports[other]}"}
        portals.append(LivePortal(var=tmp_path_factory.mktemp(code), port=ports[code], settings=settings))
    try:
        for portal in portals:
            portal.start()
        yield portals[0], portals[1]
    finally:
        for portal in portals:
            portal.stop()


def leave(page: Page, country: str, folder: Path, picture: Path) -> tuple[Path, str, str]:
    """Move away to a country; return the file, its code, and the reference of the cancellation."""
    page.goto(f"/settings/move/?country={country}")
    assert violations(page) == []
    follow(page, page.locator("main a.button"))
    assert violations(page) == []
    page.locator("#id_confirmed").check()
    follow(page, page.locator("main form button.button"))
    assert violations(page) == []
    take_picture(page, picture)
    with page.expect_download() as download:
        page.locator("a[download]").click()
    file = folder / f"{country}.bin"
    download.value.save_as(file)
    reference = re.search(r"/receipts/([^/]+)/", page.locator("main a[href*='/receipts/']").get_attribute("href"))
    return file, page.locator("#code").inner_text(), reference.group(1)


def arrive(page: Page, portal: LivePortal, person: Person, file: Path, code: str) -> None:
    """Register with the file: every field is there, but the password."""
    page.goto("/register/package/")
    assert violations(page) == []
    page.locator("#id_package").set_input_files(file)
    page.locator("#id_code").fill(code)
    follow(page, page.locator("main form button.button"))
    answer_age_question(page)
    page.locator("main button.button").click()
    for key in ("name", "username", "company_name", "phone"):
        expect(page.locator(f"#id_{key}")).to_have_value(person.fields[key])
    page.locator("#id_phone").press("Enter")
    expect(page.locator("#portal_frame")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    fill(page, "password", person.fields["password"])
    agree(page, person)
    phone = person.fields["phone"]
    earlier = len([message for message in portal.messages(phone) if "code" in message])
    page.get_by_role("button", name="Create account").click()
    expect(page.locator("#id_code")).to_be_visible()
    page.locator("#id_code").fill(portal.code_for(phone, after=earlier))
    page.get_by_role("button", name="Verify").click()
    expect(page).to_have_url(f"{portal.url}/home/")
    page.goto("/settings/profile/")
    expect(page.locator("#id_name")).to_have_value(person.fields["name"])


def test_a_person_carries_their_data_there_and_back(
    sites: tuple[LivePortal, LivePortal], browser: Browser, tmp_path: Path, screenshots: Path
):
    shanghai, germany = sites
    person = individual_in_china()
    page = browser.new_context(base_url=shanghai.url, locale="en-US", viewport={"width": 375, "height": 800}).new_page()
    register(page, person)
    verify(page, shanghai, person)
    for here, there, country in ((shanghai, germany, "DE"), (germany, shanghai, "CN")):
        file, code, reference = leave(page, country, tmp_path, screenshots / f"left-{country}.png")
        context = browser.new_context(base_url=there.url, locale="en-US", viewport={"width": 375, "height": 800})
        other = context.new_page()
        let_the_cooling_off_period_end(here, reference)
        wait_for(lambda page=page, end=reference: page.goto(f"/receipts/{end}/") and page.locator("#erased").count())
        expect(page.locator(".band")).to_contain_text("This account moved to")
        assert traces(here.stores(), person.personal_values) == []
        arrive(other, there, person, file, code)
        page = other
