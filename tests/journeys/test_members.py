"""People of one enterprise: an owner and a member join by links, one becomes owner of what the other leaves."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal, wait_for
from tests.journeys.people import Person, enterprise_in_germany, individual_in_china
from tests.journeys.steps import register, verify
from tests.journeys.test_a_licence import DRAWN_WITHIN, in_chinese, look, upload
from tests.licences import photo

pytestmark = [pytest.mark.browser, pytest.mark.embedded, pytest.mark.long]
PAGE = "/settings/enterprise/"


def new_page(browser: Browser, portal: LivePortal) -> Page:
    return browser.new_context(base_url=portal.url, locale="en-US").new_page()


def invite(page: Page, address: str, role: str) -> None:
    page.goto(PAGE)
    page.locator("#id_address").fill(address)
    page.locator("#id_role").select_option(role)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("We sent the invitation.")).to_be_visible()


def link_for(portal: LivePortal, address: str) -> str:
    """The link in the message to an invited address."""
    wait_for(lambda: portal.messages(address))
    found = re.search(r"/enterprises/join/[\w-]+/", str(portal.messages(address)[-1]))
    assert found
    return found[0]


def join(page: Page, portal: LivePortal, person: Person, screenshots: Path) -> list[str]:
    """Open the link without an account, register as an individual, open it again and join."""
    link = link_for(portal, person.fields["email"])
    page.goto(link)
    faults = look(page, "members-invited", screenshots)
    page.get_by_role("link", name="Register as an individual").click()
    register(page, person)
    verify(page, portal, person)
    page.goto(link)
    faults += look(page, "members-join", screenshots)
    page.get_by_role("button", name="Join the enterprise").click()
    expect(page.get_by_text("You are a member of the enterprise now.")).to_be_visible()
    return faults


def look_in_chinese(browser: Browser, page: Page, name: str, path: str, screenshots: Path) -> list[str]:
    page.goto(PAGE)
    chinese = in_chinese(browser, page)
    chinese.goto(path)
    expect(chinese.locator("html")).to_have_attribute("lang", "zh-hans")
    faults = look(chinese, f"members-zh-{name}", screenshots)
    chinese.context.close()
    return faults


def correct(page: Page, screenshots: Path) -> list[str]:
    """Correct the business area, as an administrator; return what axe finds."""
    page.goto(PAGE)
    page.get_by_role("link", name="Correct the data").click()
    expect(page.locator("#id_business_area")).to_be_visible()
    faults = look(page, "members-correct", screenshots)
    page.locator("#id_enterprise_name").fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".summary")).to_be_focused()
    faults += look(page, "members-correct-errors", screenshots)
    page.goto(f"{PAGE}data/")
    page.locator("#id_business_area").fill("Bookbinding")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Bookbinding")).to_be_visible()
    return faults


def hand_in_the_licence(page: Page, screenshots: Path) -> list[str]:
    """Hand in the enterprise's licence, as an administrator; return what axe finds."""
    page.get_by_role("link", name="Upload the licence").click()
    expect(page.get_by_text("No licence was handed in.")).to_be_visible()
    upload(page, "licence.docx", b"words")
    expect(page.locator(".summary")).to_be_focused()
    faults = look(page, "members-licence-refused", screenshots)
    upload(page, "photo.jpg", photo())
    expect(page.get_by_text("In review")).to_be_visible(timeout=DRAWN_WITHIN)
    return faults + look(page, "members-licence", screenshots)


def hand_over(browser: Browser, owner: Page, member: Page, screenshots: Path) -> list[str]:
    """The last owner cannot leave, offers the ownership, and the member agrees; return what axe finds."""
    owner.goto(PAGE)
    owner.get_by_role("button", name="Leave the enterprise").click()
    expect(owner.get_by_text("This is the last owner among the members.")).to_be_visible()
    faults = look(owner, "members-last-owner", screenshots)
    owner.get_by_role("button", name="Hand the ownership over").click()
    expect(owner.get_by_text("We asked the member.")).to_be_visible()
    faults += look(owner, "members-offered", screenshots)
    member.goto("/home/")
    expect(member.get_by_text("You are asked to become an owner.").first).to_be_visible()
    faults += look(member, "members-home", screenshots)
    member.goto(PAGE)
    faults += look(member, "members-asked", screenshots)
    faults += look_in_chinese(browser, member, "asked", PAGE, screenshots)
    member.get_by_role("button", name="Become an owner", exact=True).click()
    expect(member.get_by_role("heading", name="Invite someone")).to_be_visible()
    return faults


def leave(owner: Page, screenshots: Path) -> list[str]:
    """Leave as the former owner: the page of the enterprise is gone, the own account stays."""
    owner.goto(PAGE)
    owner.get_by_role("button", name="Leave the enterprise").click()
    expect(owner.get_by_text("You left the enterprise.")).to_be_visible()
    faults = look(owner, "members-left", screenshots)
    assert owner.goto(PAGE).status == 404  # type: ignore[union-attr]
    owner.goto("/home/")
    expect(owner.locator("h1")).to_be_visible()
    return faults


def test_a_member_joins_corrects_and_becomes_the_owner(portal: LivePortal, browser: Browser, screenshots: Path):
    account, owner, member = (new_page(browser, portal) for _ in range(3))
    enterprise, first, second = enterprise_in_germany(), individual_in_china(), individual_in_china()
    register(account, enterprise)
    verify(account, portal, enterprise)
    account.goto(PAGE)
    faults = look(account, "members-none", screenshots)
    invite(account, first.fields["email"], "owner")
    faults += look(account, "members-invitation", screenshots)
    faults += join(owner, portal, first, screenshots)
    invite(owner, second.fields["email"], "member")
    faults += join(member, portal, second, screenshots)

    # A member sees the data, and not the contact person, nor other members.
    expect(member.get_by_text(enterprise.fields["business_address"])).to_be_visible()
    assert enterprise.fields["name"] not in member.content()
    assert member.get_by_role("heading", name="Invite someone").count() == 0
    faults += look(member, "members-member", screenshots)
    faults += look_in_chinese(browser, member, "member", PAGE, screenshots)

    owner.goto(PAGE)
    assert second.fields["name"] not in owner.content()
    faults += look(owner, "members-owner", screenshots)
    faults += look_in_chinese(browser, owner, "owner", PAGE, screenshots)
    owner.get_by_role("button", name="Change to Administrator").click()
    expect(owner.get_by_text("The role is changed.")).to_be_visible()
    faults += correct(member, screenshots)
    faults += look_in_chinese(browser, member, "correct", f"{PAGE}data/", screenshots)

    faults += hand_in_the_licence(member, screenshots)
    faults += look_in_chinese(browser, member, "licence", f"{PAGE}licence/", screenshots)

    faults += hand_over(browser, owner, member, screenshots)
    faults += leave(owner, screenshots)
    account.goto(PAGE)
    expect(account.locator(".rows > li")).to_have_count(1)
    expect(account.locator(".rows .chip")).to_have_text("Owner")
    assert faults == []


def test_an_invited_person_declines_without_an_account(portal: LivePortal, browser: Browser, screenshots: Path):
    account, guest = new_page(browser, portal), new_page(browser, portal)
    enterprise, person = enterprise_in_germany(), individual_in_china()
    register(account, enterprise)
    verify(account, portal, enterprise)
    invite(account, person.fields["email"], "member")
    link = link_for(portal, person.fields["email"])
    chinese = browser.new_context(base_url=portal.url, locale="zh-CN").new_page()
    chinese.goto(link)
    faults = look(chinese, "members-zh-invited", screenshots)
    guest.goto(link)
    guest.get_by_role("button", name="Decline").click()
    expect(guest.get_by_role("heading", name="You declined")).to_be_visible()
    faults += look(guest, "members-declined", screenshots)
    guest.goto(link)
    faults += look(guest, "members-gone", screenshots)
    chinese.goto(link)
    assert faults + look(chinese, "members-zh-gone", screenshots) == []
