"""A child from the age question to their own agreement; a guardian who refuses; a child found without consent."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.live import LivePortal, wait_for
from tests.journeys.looking import follow, settle, take_picture, violations
from tests.journeys.people import Person, individual_in_china
from tests.journeys.steps import answer_age_question, fill, register, verify
from tests.traces import traces

pytestmark = [pytest.mark.embedded, pytest.mark.browser]

# Language, width, and whether scripts run.
LOOKS = [
    pytest.param(("zh-CN", 375, False), id="Chinese, phone, without JavaScript"),
    pytest.param(("en-US", 1280, True), id="English, wide, with JavaScript"),
]
Look = tuple[str, int, bool]
RUN = {
    "second": "from privacy.guardians.proving import send_second_messages as run",
    "of age": "from accounts.children.coming_of_age import end_due_guardianships as run",
}


def opened(portal: LivePortal, browser: Browser, kind: Look) -> Page:
    language, width, scripts = kind
    context = browser.new_context(
        base_url=portal.url,
        locale=language,
        java_script_enabled=scripts,
        viewport={"width": width, "height": 800},
    )
    return context.new_page()


def look(page: Page, screenshots: Path, name: str, kind: Look) -> None:
    """Take a picture; axe needs scripts."""
    _language, width, scripts = kind
    page.wait_for_load_state()
    if scripts:
        settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    take_picture(page, screenshots / f"guardian-{name}-{width}.png")
    if scripts:
        assert violations(page) == []


def link_in(portal: LivePortal, to: str, last: str) -> str:
    """Return the path of the newest link of a kind in the messages to an address, once there is one."""
    link = re.compile(rf"https?://[^\s]*?(/(?:guardians|of-age)/[^\s]*{last}[^\s]*)")
    found = wait_for(lambda: [one for message in portal.messages(to) for one in link.findall(message["body"])])
    return str(found[-1])


def ask(page: Page, person: Person, contact: str, called: str) -> None:
    page.goto("/register/")
    page.locator("input[name=kind][value=individual]").check()
    page.locator("#id_country").select_option(person.country)
    answer_age_question(page, year="2015")
    page.locator("main form button.button").click()
    page.locator("#id_contact").fill(contact)
    page.locator("#id_called").fill(called)


def step(portal: LivePortal, name: str, before: str = "") -> None:
    """Let time pass in the database, and take the step that beat would take."""
    portal.shell(f"{before}\n{RUN[name]}\nassert run() >= 1")


def guardian() -> tuple[str, str, str]:
    """Return two addresses of a guardian and a name of a child that are nowhere else."""
    tail = "".join(random.choices("abcdefghij", k=10))
    return f"parent.{tail}@post.example", f"second.{tail}@post.example", f"Mia{tail}"


@dataclass(frozen=True)
class Scene:
    """Where a journey takes place: the portal, and how each of its people opens a page."""

    portal: LivePortal
    browser: Browser
    screenshots: Path
    kind: Look

    def opened(self) -> Page:
        return opened(self.portal, self.browser, self.kind)

    def look(self, page: Page, name: str) -> None:
        look(page, self.screenshots, name, self.kind)


def the_child_asks(scene: Scene, person: Person, first: str, called: str) -> None:
    child = scene.opened()
    child.goto("/register/")
    scene.look(child, "question")
    ask(child, person, first, called)
    scene.look(child, "ask")
    child.locator("main form button.button").click()
    expect(child).to_have_url(f"{scene.portal.url}/guardians/asked/")
    scene.look(child, "asked")


def the_guardian_agrees(scene: Scene, first: str, second: str, called: str) -> Page:
    page = scene.opened()
    page.goto(link_in(scene.portal, first, "agree"))
    expect(page.get_by_text(called)).to_be_visible()
    scene.look(page, "decide")
    sizes = [page.locator(f"#{act} button").bounding_box() for act in ("agree", "refuse")]
    assert sizes[0]["width"] == sizes[1]["width"]
    assert sizes[0]["height"] == sizes[1]["height"]
    page.locator("#id_contact").fill(second)
    page.locator("#id_is_guardian").check()
    follow(page, page.locator("#agree button"))
    scene.look(page, "proving")
    later = (
        "from privacy.guardians.models.pending import PendingChild\nfrom django.utils import timezone\n"
        "import datetime as dt\n"
        "PendingChild.objects.filter(second_due_at__isnull=False).update("
        "second_due_at=timezone.now() - dt.timedelta(minutes=1))"
    )
    step(scene.portal, "second", later)
    page.goto(link_in(scene.portal, second, "confirm"))
    follow(page, page.locator("#confirm button"))
    scene.look(page, "agreed")
    return page


def they_register(scene: Scene, page: Page, person: Person, first: str) -> None:
    page.goto(link_in(scene.portal, first, "read"))
    follow(page, page.locator(".banner a.button"))
    page.locator("details.more-fields").evaluate("folded => { folded.open = true }")
    for key, value in person.fields.items():
        if key != "password":
            fill(page, key, value)
    page.locator("button[value=policy].button").click()
    page.locator("button[value=check].button").click()
    fill(page, "password", person.fields["password"])
    page.locator("#id_agreed").check()
    scene.look(page, "check")
    page.locator("main form#typed .actions button.button").click()
    expect(page).to_have_url(f"{scene.portal.url}/sign-in/verify/")
    page.locator("#id_code").fill(scene.portal.code_for(person.fields["phone"]))
    page.locator("#id_code").press("Enter")
    expect(page).to_have_url(f"{scene.portal.url}/home/")


def the_guardian_returns(scene: Scene, person: Person, first: str) -> Page:
    mine = scene.opened()
    mine.goto("/guardians/mine/")
    mine.locator("#id_address").fill(first)
    follow(mine, mine.locator("main form button.button"))
    mine.goto(link_in(scene.portal, first, "mine/link"))
    scene.look(mine, "open")
    follow(mine, mine.locator("main form button.button"))
    follow(mine, mine.get_by_role("link", name=person.fields["name"]))
    scene.look(mine, "child")
    return mine


def the_day_of_age_comes(scene: Scene, mine: Page, person: Person) -> None:
    reach = (
        "from privacy.guardians.models.guardianships import Guardianship\nimport datetime as dt\n"
        "found = Guardianship.objects.latest('since')\nfound.reached_on = dt.date(2026, 1, 1)\nfound.save()"
    )
    step(scene.portal, "of age", reach)
    mine.reload()
    expect(mine.locator("h1")).not_to_have_text(person.fields["name"])
    grown = scene.opened()
    grown.goto(link_in(scene.portal, person.fields["phone"], ""))
    scene.look(grown, "of-age")
    grown.locator("#id_agreed").check()
    follow(grown, grown.locator("main form button.button"))
    scene.look(grown, "own")
    expect(grown.locator("main a.button")).to_be_visible()


@pytest.mark.parametrize("kind", LOOKS)
def test_a_child_and_a_guardian_from_the_question_to_the_day_of_age(
    portal: LivePortal, browser: Browser, screenshots: Path, kind: Look
):
    scene = Scene(portal, browser, screenshots, kind)
    person, (first, second, called) = individual_in_china(), guardian()
    the_child_asks(scene, person, first, called)
    page = the_guardian_agrees(scene, first, second, called)
    they_register(scene, page, person, first)
    assert traces(portal.stores(), [first, second, called]) == []
    mine = the_guardian_returns(scene, person, first)
    the_day_of_age_comes(scene, mine, person)


@pytest.mark.parametrize("kind", LOOKS)
def test_a_guardian_refuses_and_nothing_is_left(portal: LivePortal, browser: Browser, screenshots: Path, kind: Look):
    person, (first, _second, called) = individual_in_china(), guardian()
    child = opened(portal, browser, kind)
    ask(child, person, first, called)
    child.locator("main form button.button").click()
    page = opened(portal, browser, kind)
    page.goto(link_in(portal, first, "refuse"))
    page.locator("#refuse button").click()
    look(page, screenshots, "refuse", kind)
    page.locator("main form button.button").click()
    expect(page).to_have_url(f"{portal.url}/guardians/refused/")
    look(page, screenshots, "refused", kind)
    assert traces(portal.stores(), [first, called]) == []
    assert traces(portal.server_files(), [first, called]) == []
    child.goto("/register/")
    child.locator("input[name=kind][value=individual]").check()
    child.locator("#id_country").select_option(person.country)
    answer_age_question(child)
    follow(child, child.locator("main form button.button"))
    look(child, screenshots, "again", kind)
    expect(child.locator("#id_username")).to_have_count(0)


def test_a_child_found_without_consent_is_gone_at_once(portal: LivePortal, browser: Browser):
    person = individual_in_china()
    page = opened(portal, browser, ("en-US", 1280, True))
    register(page, person)
    verify(page, portal, person)
    portal.shell(
        "from accounts.children.reporting import report_child\nfrom accounts.users.models import User\n"
        "from accounts.users.services import create_staff\n"
        "from privacy.operations.roles import PRIVACY_OFFICER\n"
        f"staff = create_staff(username='finder', password='Lantern-Quartz-Orbit-51', jurisdiction='intl', "
        "roles=(PRIVACY_OFFICER,))\n"
        f"report_child(staff=staff, user=User.objects.get(username_index={person.fields['username']!r}))"
    )
    page.goto("/home/")
    expect(page).to_have_url(f"{portal.url}/sign-in/?next=/home/")
    assert wait_for(lambda: traces(portal.stores(), person.personal_values) == [])
