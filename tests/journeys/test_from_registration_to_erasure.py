"""A whole life in the portal: register, verify, correct, change one's mind, cancel, be erased, leave no trace."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.live import LivePortal, wait_for
from tests.journeys.people import enterprise_in_germany, individual_in_china
from tests.journeys.steps import (
    cancel,
    correct,
    keep_the_account_after_all,
    let_the_cooling_off_period_end,
    register,
    sign_in,
    switch_a_purpose_on_and_off,
    verify,
)
from tests.traces import traces

pytestmark = pytest.mark.browser

# Where long tests run, each kind of person in each kind of browser, of which one on PostgreSQL, too.
REPEATED = [pytest.mark.long, pytest.mark.embedded]
LIVES = [
    pytest.param(individual_in_china, True, id="individual in China-with JavaScript", marks=REPEATED),
    pytest.param(individual_in_china, False, id="individual in China-without JavaScript", marks=pytest.mark.long),
    pytest.param(enterprise_in_germany, True, id="enterprise in Germany-with JavaScript"),
    pytest.param(enterprise_in_germany, False, id="enterprise in Germany-without JavaScript", marks=REPEATED),
]


@pytest.mark.parametrize(("make_person", "scripts"), LIVES)
def test_a_person_registers_corrects_cancels_and_is_gone(
    portal: LivePortal, browser: Browser, make_person, scripts: bool
):
    person = make_person()
    context = browser.new_context(
        java_script_enabled=scripts, base_url=portal.url, viewport={"width": 375, "height": 800}
    )
    page = context.new_page()

    register(page, person)
    verify(page, portal, person)
    assert traces(portal.stores(), person.personal_values) == []  # while the account lives, too
    assert traces(portal.server_files(), person.personal_values) == []

    corrected = correct(page, person)
    switch_a_purpose_on_and_off(page)
    reference = cancel(page, person)

    page.goto("/home/")
    expect(page).to_have_url(f"{portal.url}/sign-in/?next=/home/")
    keep_the_account_after_all(page, portal, person)
    reference = cancel(page, person)

    let_the_cooling_off_period_end(portal, reference)
    wait_for(lambda: page.goto(f"/receipts/{reference}/") and "What was erased" in page.content())
    to = person.fields["phone"]
    wait_for(
        lambda: any("erased" in message["body"] and reference in message["body"] for message in portal.messages(to))
    )
    sign_in(page, person)
    expect(page.get_by_role("alert")).to_contain_text("are wrong")

    # The form that was just refused is no trace; everything else that the portal keeps is searched.
    assert traces(portal.stores(), [*person.personal_values, corrected]) == []
    assert traces(portal.server_files(), [*person.personal_values, corrected]) == []
    context.close()
