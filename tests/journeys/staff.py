"""A member of staff in a browser."""

from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal
from tests.sign_in_clients import app_code


def signed_in_page(browser: Browser, portal: LivePortal, name: str, *roles: str) -> Page:
    """Sign a new member of staff in, who chooses a password and sets up an app before the admin opens.

    Without a role they are an administrator.
    """
    given = [word for role in roles for word in ("--role", role)]
    printed = portal.manage("create_staff", name, *given, "--jurisdiction", "intl", "--vouch")
    password = printed.split("password: ")[1].split(" ")[0]
    page = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    page.goto("/admin/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Someone else chose this password for you")).to_be_visible()
    page.locator("#id_current").fill(password)
    page.locator("#id_password").fill("Granite-Piano-River-77")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_text("Staff must use two-step verification").first).to_be_visible()
    page.get_by_role("link", name="Set up Authenticator app").click()
    secret = page.locator("#secret").inner_text()
    page.locator("#id_code").fill(app_code(secret))
    page.locator("form").filter(has=page.locator("#id_code")).get_by_role("button").click()
    expect(page.get_by_text("We show them for ten minutes only")).to_be_visible()
    page.get_by_role("link", name="I've saved my codes").click()
    expect(page).to_have_url(f"{portal.url}/admin/")
    expect(page.locator("h1")).to_be_visible()
    return page
