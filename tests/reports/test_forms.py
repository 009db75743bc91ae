"""Forms lose nothing: Enter sends the form, another language keeps what was typed, an old tab reverts nothing."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from accounts.profiles.models import Correction, Profile
from accounts.users.models import User
from tests.app import App
from tests.factories import PASSWORD, make_policy, make_user
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import registration_step, shown_text

pytestmark = pytest.mark.embedded

PROFILE = "/settings/profile/"


class Buttons(HTMLParser):
    """Lists the submit buttons of each form in the order of the page, whether inside it or naming it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.form, self.of_form = "", dict[str, list[str]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "form":
            self.form = values.get("id") or f"form at {self.getpos()}"
        if tag == "button" and values.get("type") != "button":
            said = "=".join(filter(None, (values.get("name"), values.get("value"))))
            self.of_form.setdefault(values.get("form") or self.form, []).append(said)


@pytest.mark.parametrize("kind", ["individual", "enterprise"])
@pytest.mark.parametrize(
    ("step", "forward", "back"),
    [("you", "step=policy", "step=country"), ("policy", "step=check", "step=you"), ("check", "", "step=policy")],
)
def test_enter_sends_a_step_of_registration_as_its_button_does(
    client: Client, kind: str, step: str, forward: str, back: str
):
    make_policy("intl")
    page = registration_step(client, step, kind=kind, **shown_text(client))
    buttons = Buttons(page.content.decode()).of_form["typed"]
    assert (buttons[0], buttons[-1]) == (forward, forward)
    assert {back, "switch_language=zh-hans"} <= set(buttons)


def test_enter_saves_a_profile(signed_in: Client):
    assert Buttons(signed_in.get(PROFILE).content.decode()).of_form["typed"][0] == ""


def test_another_language_keeps_what_was_typed_in_a_registration(client: Client):
    make_policy("intl", label="1", language="en")
    make_policy("intl", label="1", language="zh-hans")
    typed = INDIVIDUAL | {"country": "DE", "agreed": "on", "purposes": "product_news"}
    answer = client.post("/register/individual/", typed | {"switch_language": "zh-hans"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<html lang="zh-hans">' in page
    for key in ("name", "username", "phone"):
        assert re.search(rf'name="{key}" value="{re.escape(INDIVIDUAL[key])}"', page)
    assert INDIVIDUAL["password"] not in page
    assert not re.search(r'name="agreed"[^>]* checked', page)
    assert '<input type="hidden" name="purposes" value="product_news">' in page
    assert answer.cookies["language"].value == "zh-hans"
    assert '<html lang="zh-hans">' in client.get("/sign-in/").content.decode()
    assert not User.objects.exists()


def test_another_language_keeps_what_was_typed_after_an_error(client: Client):
    typed = INDIVIDUAL | {"country": "DE", "phone": "123", "policy": make_policy("intl").digest}
    assert client.post("/register/individual/", typed).status_code == 422
    page = client.post("/register/individual/", typed | {"switch_language": "zh-hans"}).content.decode()
    assert 'name="phone" value="123"' in page
    assert "summary-title" not in page


def test_another_language_keeps_what_was_typed_in_a_profile_and_saves_nothing(signed_in: Client, person: User):
    seen = seen_by(signed_in)
    typed = {"name": "Maria Petrović", "company_name": "Not saved yet", "username": person.username, "country": "RS"}
    page = signed_in.post(PROFILE, typed | {"seen": seen, "switch_language": "zh-hans"}).content.decode()
    assert 'name="company_name" value="Not saved yet"' in page
    assert f'name="seen" value="{seen}"' in page
    assert '<html lang="zh-hans">' in page
    assert not Correction.objects.exists()


def test_another_language_of_a_profile_without_changes_leaves_no_sent_form_in_the_history(signed_in: Client):
    answer = signed_in.post(PROFILE, opened(signed_in) | {"switch_language": "zh-hans"})
    assert (answer.status_code, answer.headers["Location"]) == (302, PROFILE)
    assert '<html lang="zh-hans">' in signed_in.get(PROFILE).content.decode()


def test_a_language_that_the_portal_does_not_speak_changes_nothing(signed_in: Client):
    answer = signed_in.post(PROFILE, {"name": "X", "switch_language": "tlh"})
    assert answer.status_code == 200
    assert "language" not in answer.cookies


def seen_by(client: Client) -> str:
    return re.search(r'name="seen" value="([^"]+)"', client.get(PROFILE).content.decode())[1]


def opened(client: Client) -> dict[str, str]:
    """A tab in which the profile was opened: what its form sends when nothing is typed."""
    page = client.get(PROFILE).content.decode()
    values = dict(re.findall(r'<input type="(?:text|hidden)" name="(\w+)" value="([^"]*)"', page))
    selected = dict(re.findall(r'<select name="(\w+)".*?<option value="([^"]*)" selected', page, re.DOTALL))
    values.pop("csrfmiddlewaretoken", None)
    return {"company_name": ""} | values | selected


def test_an_old_tab_reverts_no_newer_correction(signed_in: Client, person: User):
    old, new = opened(signed_in), opened(signed_in)
    signed_in.post(PROFILE, new | {"name": "Maria Newname"})
    signed_in.post(PROFILE, old | {"company_name": "Example"})
    profile = Profile.objects.get(subject_id=person.subject_id)
    assert (profile.name, profile.company_name) == ("Maria Newname", "Example")
    assert list(Correction.objects.order_by("at").values_list("field", flat=True)) == ["name", "company_name"]


def test_an_old_tab_reverts_nothing_that_an_app_corrected(signed_in: Client, person: User):
    old, app = opened(signed_in), App()
    app.sign_in(person.username, PASSWORD)
    assert app.send("PATCH", "me", {"time_zone": "Asia/Tokyo"}).status_code == 200
    signed_in.post(PROFILE, old | {"name": "Maria Newname"})
    profile = Profile.objects.get(subject_id=person.subject_id)
    assert (profile.name, profile.time_zone) == ("Maria Newname", "Asia/Tokyo")


def test_an_old_tab_reverts_no_newer_username(signed_in: Client, person: User):
    old, new = opened(signed_in), opened(signed_in)
    signed_in.post(PROFILE, new | {"username": "another_name"})
    signed_in.post(PROFILE, old | {"company_name": "Example"})
    person.refresh_from_db()
    assert person.username == "another_name"


def test_two_corrections_of_one_field_are_said_and_the_second_press_decides(signed_in: Client, person: User):
    old, new = opened(signed_in), opened(signed_in)
    signed_in.post(PROFILE, new | {"name": "Maria Newname"})
    answer = signed_in.post(PROFILE, old | {"name": "Maria Other"})
    page = answer.content.decode()
    assert "This was changed in another window or app to: Maria Newname." in page
    assert 'name="name" value="Maria Other"' in page
    assert Profile.objects.get(subject_id=person.subject_id).name == "Maria Newname"
    again = re.search(r'name="seen" value="([^"]+)"', page)[1]
    signed_in.post(PROFILE, old | {"name": "Maria Other", "seen": again})
    assert Profile.objects.get(subject_id=person.subject_id).name == "Maria Other"


@pytest.mark.parametrize("name", ["maria petrović", "MARIA PETROVIĆ", "Maria Petrovic\u0301 "])
def test_a_correction_of_case_is_a_correction(signed_in: Client, person: User, name: str):
    signed_in.post(PROFILE, opened(signed_in) | {"name": name})
    stored = Profile.objects.get(subject_id=person.subject_id).name
    assert stored == ("Maria Petrović" if name.endswith(" ") else name)


def test_fields_that_belong_together_are_checked_as_they_will_be_stored(signed_in: Client, person: User):
    Profile.objects.filter(subject_id=person.subject_id).update(kind="enterprise")
    app = App()
    app.sign_in(person.username, PASSWORD)
    usual = {"enterprise_name": "Example"}
    assert app.send("PATCH", "me", usual | {"business_period_end": "2025-01-01"}).status_code == 200
    old = opened(signed_in) | {"business_period_end": "2025-01-01", "business_area": "", "business_address": ""}
    assert app.send("PATCH", "me", {"business_period_end": "2021-01-01"}).status_code == 200
    answer = signed_in.post(PROFILE, old | {"business_period_start": "2023-01-01"})
    assert answer.status_code == 200
    assert "The end date is before the start date" in answer.content.decode()


def test_an_old_tab_does_not_claim_a_former_username_in_use(signed_in: Client, person: User):
    old, former = opened(signed_in), person.username
    signed_in.post(PROFILE, opened(signed_in) | {"username": "another_name"})
    make_user(username=former)
    assert signed_in.post(PROFILE, old | {"company_name": "Example"}).status_code == 302


def test_the_same_correction_twice_is_no_clash(signed_in: Client, person: User):
    old, new = opened(signed_in), opened(signed_in)
    signed_in.post(PROFILE, new | {"name": "Maria Newname"})
    assert signed_in.post(PROFILE, old | {"name": "Maria Newname"}).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "é" * 5000, "unknown:1"])
def test_a_form_that_does_not_say_what_it_showed_is_saved_as_it_is(signed_in: Client, person: User, seen: str):
    signed_in.post(PROFILE, opened(signed_in) | {"name": "Maria Newname", "seen": seen})
    assert Profile.objects.get(subject_id=person.subject_id).name == "Maria Newname"


@pytest.mark.parametrize("seen", ["name:", "name:0123 company_name"])
def test_a_form_that_showed_something_else_saves_nothing(signed_in: Client, person: User, seen: str):
    assert signed_in.post(PROFILE, opened(signed_in) | {"name": "Maria Newname", "seen": seen}).status_code == 200
    assert Profile.objects.get(subject_id=person.subject_id).name == "Maria Petrović"


def test_a_country_that_was_changed_elsewhere_is_said_by_its_name(signed_in: Client, person: User):
    old = opened(signed_in)
    signed_in.post(PROFILE, opened(signed_in) | {"country": "DE"})
    page = signed_in.post(PROFILE, old | {"country": "FR"}).content.decode()
    assert "This was changed in another window or app to: Germany." in page


@pytest.mark.parametrize("zone", ["Etc/GMT+5", "GMT", "EST5EDT", "Etc/GMT-14", "Asia/Calcutta"])
def test_saving_another_field_leaves_a_stored_zone(signed_in: Client, person: User, zone: str):
    app = App()
    app.sign_in(person.username, PASSWORD)
    stored = app.send("PATCH", "me", {"time_zone": zone}).json()["time_zone"]
    Correction.objects.all().delete()
    form = opened(signed_in)
    assert form["time_zone"] == stored
    signed_in.post(PROFILE, form | {"name": "Maria Newname"})
    assert Profile.objects.get(subject_id=person.subject_id).time_zone == stored
    assert list(Correction.objects.values_list("field", flat=True)) == ["name"]


@pytest.mark.parametrize("zone", ["Factory", "localtime", "posixrules", "Etc/Unknown", "right/UTC"])
def test_a_placeholder_is_no_time_zone(person: User, zone: str):
    app = App()
    app.sign_in(person.username, PASSWORD)
    answer = app.send("PATCH", "me", {"time_zone": zone})
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"time_zone"})


def test_a_zone_is_guessed_where_none_is_stored_yet_and_nowhere_else(client: Client, signed_in: Client):
    make_policy("intl")
    assert 'data-guess="time-zone"' in registration_step(Client(), "you").content.decode()
    assert "data-guess" not in signed_in.get(PROFILE).content.decode()


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/sign-in/code/", "/recover/", "/register/", "/register/individual/?country=DE"]
)
def test_the_title_of_a_page_with_errors_says_so_first(client: Client, path: str):
    make_policy("intl")
    assert "<title>Error: " not in client.get(path).content.decode()
    page = client.post(path, {"step": "policy"}).content.decode()
    assert "<title>Error: " in page
