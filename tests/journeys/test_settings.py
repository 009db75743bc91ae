"""A person chooses a language on one device, and meets it on another, in messages, and when they sign in by a code."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.live import LivePortal, wait_for
from tests.journeys.looking import violations
from tests.journeys.people import individual_in_china
from tests.journeys.steps import register, verify

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"


def test_a_choice_goes_along_to_another_device_and_into_messages(portal: LivePortal, browser: Browser):
    laptop = browser.new_context(base_url=portal.url, locale="en-US").new_page()
    person = individual_in_china()
    register(laptop, person)
    verify(laptop, portal, person)
    laptop.goto("/settings/preferences/")
    laptop.get_by_label("简体中文").check()
    laptop.locator("input[name=time_format][value='12']").check()
    laptop.get_by_role("button", name="Save").click()
    expect(laptop.get_by_role("heading", level=1)).to_have_text("语言和时间")
    assert violations(laptop) == []

    phone = browser.new_context(base_url=portal.url, locale="en-US", user_agent=ANDROID).new_page()
    number, earlier = person.fields["phone"], len(portal.messages(person.fields["phone"]))
    phone.goto("/sign-in/")
    phone.get_by_role("link", name="Sign in with a code instead").click()
    phone.locator("#id_login").fill(number)
    phone.get_by_role("button", name="Send code").click()
    expect(phone.locator("#id_code")).to_be_visible()
    assert violations(phone) == []
    phone.locator("#id_code").fill(portal.code_for(number, after=1))
    phone.get_by_role("button", name="Sign in").click()
    expect(phone).to_have_url(f"{portal.url}/home/")
    expect(phone.locator("html")).to_have_attribute("lang", "zh-hans")

    def received(text: str) -> bool:  # another journey may announce a policy meanwhile
        return any(text in message["body"] for message in portal.messages(number)[earlier:])

    assert wait_for(lambda: received("验证码") and received("Android 上的 Chrome"))
    phone.goto("/settings/devices/")
    expect(phone.get_by_role("heading", level=3).first).to_contain_text("Android 上的 Chrome")
    assert "午" in phone.locator(".rows").first.inner_text()
    phone.get_by_role("link", name="重命名").first.click()
    phone.locator("#id_name").fill("我的手机")
    assert violations(phone) == []
    phone.get_by_role("button", name="保存名称").click()
    expect(phone.get_by_role("heading", level=3).first).to_contain_text("我的手机")
    assert violations(phone) == []
