"""Every page of the admin that a role may open: accessible and narrow enough, in both languages and schemes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from privacy.operations.roles import ROLES
from tests.environment import IS_THOROUGH, some
from tests.journeys.live import LivePortal
from tests.journeys.looking import looks, take_picture, violations
from tests.journeys.staff import signed_in_page

pytestmark = [pytest.mark.embedded, pytest.mark.browser, pytest.mark.long]

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
OTHER_ADMIN_PAGE = re.compile(r"/admin/(?!logout/|jsi18n/|password_change/|.*/subject/)[\w/-]*(\?subject=\S+)?$")
# The pages that differ most by role.
SHOWN_BY_ROLE = re.compile(r"/admin/($|accounts/user/.+/change/|privacy/rightsrequest/.+/change/)")
# The scheme by Django's switch, against that of the device.
SWITCHED = "scheme => document.documentElement.dataset.theme = scheme"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePortal]:
    """A portal of its own, in which everything happened that the admin shows."""
    live = LivePortal(var=tmp_path_factory.mktemp("filled"))
    try:
        live.start()
        live.shell("from tests.filled_portal import fill_portal; fill_portal()")
        yield live
    finally:
        live.stop()


def kind_of(path: str) -> str:
    """One page of a model stands for all of its rows."""
    return re.sub(r"/\w*\d[\w-]*/(?=change|history|delete|clauses|act)", "/*/", UUID.sub("*", path)).partition("?")[0]


def pages_of(page: Page) -> list[str]:
    """One page of each kind that links lead to, from the first one."""
    waiting, seen = ["/admin/"], {}
    while waiting:
        path = waiting.pop(0)
        if kind_of(path) in seen:
            continue
        answer = page.request.get(path)
        if answer.status == 200 and "text/html" in answer.headers["content-type"]:
            seen[kind_of(path)] = path
            waiting += [link for link in re.findall(r'href="([^"]+)"', answer.text()) if OTHER_ADMIN_PAGE.match(link)]
    return list(seen.values())


def people_of(portal: LivePortal) -> list[str]:
    """The page of a person, which no link of a list leads to without a search."""
    found = portal.shell(
        "from accounts.staff.models import SignInReset\nfrom accounts.users.models import User\n"
        "print(User.objects.get(subject=SignInReset.objects.get().subject).pk)"
    )
    return [f"/admin/accounts/user/{found.split()[-1]}/change/"]


def faults_of(page: Page, path: str, looks: list[tuple[str, int]], screenshots: Path) -> list[str]:
    faults, language = [], page.evaluate("navigator.language")
    page.goto(path)
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        name = f"{kind_of(path)} {language} {scheme} {width}"
        take_picture(page, screenshots / f"admin{re.sub('[^a-z0-9]+', '-', name.lower())}.png")
        # Without preloading, axe does not look for the imported stylesheets below the page's own address.
        faults += [f"{name}: {fault}" for fault in violations(page, preload=False)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{name}: wider than the page")
    if page.locator("h1").count() != 1:
        faults.append(f"{path} has not exactly one h1")
    return faults


@pytest.mark.parametrize("language", ["en-US", *some("zh-CN")])
def test_no_page_of_an_administrator_has_a_fault(
    filled: LivePortal, browser: Browser, screenshots: Path, language: str
):
    signed_in = signed_in_page(browser, filled, f"administrator-{language}")
    context = browser.new_context(base_url=filled.url, locale=language)
    context.add_cookies([each for each in signed_in.context.cookies() if "language" not in each["name"]])
    page = context.new_page()
    pages = [*pages_of(page), *people_of(filled)]
    registered = {kind_of(path) for path in pages if path.count("/") == 4}
    assert len(registered) > 14
    faults = [fault for path in pages for fault in faults_of(page, path, looks(language), screenshots)]
    assert "\n".join(faults) == ""


@pytest.mark.parametrize("role", ROLES)
def test_no_page_of_a_role_has_a_fault_on_a_phone(filled: LivePortal, browser: Browser, screenshots: Path, role: str):
    page = signed_in_page(browser, filled, role.lower().replace(" ", "-"), role)
    pages = [*pages_of(page), *(people_of(filled) if role in ("Privacy officer", "Support", "Reviewer") else [])]
    # An administrator's pages have all that theirs have, but for these.
    pages = pages if IS_THOROUGH else [path for path in pages if SHOWN_BY_ROLE.match(path)]
    faults = [fault for path in pages for fault in faults_of(page, path, [("dark", 375)], screenshots)]
    assert "\n".join(faults) == ""


@pytest.mark.parametrize(("device", "switch"), [("light", "dark"), ("dark", "light")])
def test_the_switch_of_the_scheme_counts_more_than_the_device(
    filled: LivePortal, browser: Browser, device: str, switch: str
):
    page = signed_in_page(browser, filled, f"switched-to-{switch}")
    page.emulate_media(color_scheme=device)
    ground = "getComputedStyle(document.body).backgroundColor"
    of_device = page.evaluate(ground)
    page.evaluate(SWITCHED, switch)
    assert page.evaluate(ground) != of_device
    assert violations(page, preload=False) == []
    page.evaluate(SWITCHED, "auto")
    assert page.evaluate(ground) == of_device
