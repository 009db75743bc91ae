"""Registration in steps: each is checked, none but the last stores anything, and no way back loses what was typed."""

import re
from html import unescape
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.tries.limits import LIMITS
from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.encryption.models import DataKey
from privacy.subjects.models import DataSubject
from tests.factories import make_policy, make_user
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import register, registration_step, shown_text

pytestmark = pytest.mark.embedded

PERSONAL = {key: INDIVIDUAL[key] for key in ("name", "username", "phone")}
BIRTH = {"birth_month": "5", "birth_year": "1990"}
BOTH_KINDS = PERSONAL | {"enterprise_name": "Groß & Söhne", "enterprise_email": "office@gross.example"}


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")
    make_policy("intl", label="1", language="zh-hans", text="全文。")
    make_policy("cn", label="1", text="For cn.")


def step_of(answer: HttpResponse) -> str:
    return re.search(r'name="at" value="(\w+)"', answer.content.decode())[1]


def held(answer: HttpResponse) -> dict[str, str]:
    """Return the values of all inputs of a page, seen or not."""
    inputs = re.findall(r"<input[^>]*>", answer.content.decode())
    pairs = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
    return {name[1]: unescape(value[1]) for name, value in pairs if name and value}


def stored() -> int:
    return sum(model.objects.count() for model in (User, DataSubject, ConsentRecord, DataKey))


def test_no_step_but_the_last_stores_anything_and_no_page_has_the_password(client: Client):
    before = stored()
    for step in ("country", "you", "policy", "check"):
        answer = registration_step(client, step, **shown_text(client))
        assert (answer.status_code, step_of(answer)) == (200, step)
        assert held(answer).items() >= PERSONAL.items()
        assert INDIVIDUAL["password"] not in answer.content.decode()
        assert "no-store" not in answer["Cache-Control"]  # else the browser's own Back loses what was typed
        assert "private" in answer["Cache-Control"]
        assert stored() == before
        assert not client.session.keys()
    sent = register(client)
    assert sent["Location"] == "/sign-in/verify/"
    assert sent["Clear-Site-Data"] == '"cache"'


def test_the_first_step_asks_for_kind_and_country_and_says_what_is_missing(client: Client):
    asked = client.get("/register/", headers={"Accept-Language": "de-DE"}).content.decode()
    assert '<option value="DE" selected>' in asked
    assert "We guessed this from your browser" in asked
    wrong = client.post("/register/", {"country": "DE"})
    assert (wrong.status_code, step_of(wrong)) == (422, "country")
    assert "Choose an account type." in wrong.content.decode()
    assert '<option value="DE" selected>' in wrong.content.decode()
    right = client.post("/register/", {"country": "DE", "kind": "enterprise"} | BIRTH)
    assert (right.status_code, step_of(right)) == (200, "you")
    assert 'action="/register/enterprise/"' in right.content.decode()


def test_the_browsers_back_may_show_a_step_in_the_language_of_before(client: Client):
    for step in ("you", "policy"):
        answer = registration_step(client, step)
        assert "Vary" not in answer.headers  # the language is a cookie
        assert answer.headers["Cache-Control"] == "private, no-cache, max-age=0"
    assert "Cookie" in client.get("/sign-in/").headers["Vary"]


def test_another_country_or_kind_and_back_loses_nothing(client: Client):
    back = registration_step(client, "country", kind="enterprise", **BOTH_KINDS)
    assert step_of(back) == "country"
    as_individual = client.post("/register/", held(back) | BIRTH | {"country": "RS", "kind": "individual"})
    assert step_of(as_individual) == "you"
    assert held(as_individual).items() >= (BOTH_KINDS | {"country": "RS"}).items()
    again = client.post("/register/individual/", held(as_individual) | {"step": "country"})
    as_enterprise = client.post("/register/", held(again) | BIRTH | {"country": "DE", "kind": "enterprise"})
    assert step_of(as_enterprise) == "you"
    assert held(as_enterprise).items() >= (BOTH_KINDS | {"country": "DE"}).items()


def test_a_country_of_another_company_shows_that_companys_policy(client: Client):
    read = held(registration_step(client, "check", **shown_text(client)))
    answer = client.post("/register/individual/", read | {"country": "CN", "step": "check"})
    assert (answer.status_code, step_of(answer)) == (200, "policy")
    assert "For cn." in answer.content.decode()


@pytest.mark.parametrize("step", ["policy", "check", ""])
def test_what_is_wrong_about_the_person_is_said_at_the_step_that_asks_for_it(client: Client, step: str):
    answer = registration_step(client, step, **shown_text(client), phone="12", agreed="")
    page = answer.content.decode()
    assert (answer.status_code, step_of(answer)) == (422, "you")
    assert 'href="#id_phone"' in page
    assert "id_password" not in page
    assert held(answer)["name"] == INDIVIDUAL["name"]


def test_an_error_in_an_optional_field_opens_what_is_folded(client: Client):
    folded = '<details class="more-fields">'
    assert folded in registration_step(client, "you").content.decode()
    assert folded not in registration_step(client, "policy", email="no address").content.decode()


def test_a_username_in_use_is_said_at_once_and_counted(client: Client, limits_on):
    make_user(username="joerg_gross")
    answer = registration_step(client, "policy")
    assert (answer.status_code, step_of(answer)) == (422, "you")
    assert "This username is taken" in answer.content.decode()
    statuses = [registration_step(client, "policy").status_code for _ in range(LIMITS["username"]["network"].count)]
    assert statuses[-1] == 429
    assert set(statuses) == {422, 429}


def test_a_step_that_does_not_count_does_not_tell_whether_a_username_is_in_use(client: Client):
    make_user(username="joerg_gross")
    answer = registration_step(client, "check", **shown_text(client))
    assert (answer.status_code, step_of(answer)) == (200, "check")
    assert "taken" not in answer.content.decode()


def test_no_one_agrees_to_a_text_that_was_not_shown(client: Client):
    for language in ("en", ""):
        answer = registration_step(client, "check", policy="", language=language)
        assert (answer.status_code, step_of(answer)) == (200, "policy")
    sent = client.post("/register/individual/", INDIVIDUAL | {"country": "DE", "policy": "", "language": ""})
    assert (sent.status_code, step_of(sent)) == (422, "policy")
    assert not User.objects.exists()


def test_the_consent_names_the_text_that_was_read_whatever_the_language_of_the_last_page(client: Client):
    client.cookies["language"] = "zh-hans"
    read = shown_text(client)
    assert read["language"] == "zh-hans"
    last = registration_step(client, "check", **read, switch_language="en", at="check")
    assert (step_of(last), held(last)["policy"]) == ("check", read["policy"])
    assert '<html lang="en">' in last.content.decode()
    client.post("/register/individual/", INDIVIDUAL | {"country": "DE"} | read)
    assert ConsentRecord.objects.get().language == "zh-hans"


def test_the_answers_are_shown_in_words_before_anything_is_agreed_to(client: Client):
    values = BOTH_KINDS | {"business_period_start": "2010-03-03", "business_period_end": "no_fixed_term"}
    page = registration_step(client, "check", kind="enterprise", **shown_text(client), **values).content.decode()
    shown = dict(re.findall(r"<dt>([^<]+)</dt><dd>([^<]*)</dd>", page))
    assert shown["Country or region"] == "Germany"
    assert unescape(shown["Enterprise name"]) == "Groß & Söhne"
    assert shown["Business period from"] == "March 3, 2010"
    assert shown["Business period to"] == "No fixed term"
    assert "Password" not in shown


def test_optional_uses_stay_as_they_were_ticked(client: Client):
    ticked = {"purposes": "product_news"}
    back = registration_step(client, "policy", **ticked)
    assert held(back).items() >= ticked.items()
    again = registration_step(client, "check", **shown_text(client), **ticked).content.decode()
    assert re.search(r'value="product_news"[^>]* checked', again)
    assert not re.search(r'name="agreed"[^>]* checked', again)


@pytest.mark.parametrize("forged", ["", "1", "<script>", "\ud800", "00000000-0000-0000-0000-00000000000g"])
def test_a_form_has_one_number_and_a_forged_one_is_replaced(client: Client, forged: str):
    kept = held(registration_step(client, "policy"))["submission"]
    assert kept == INDIVIDUAL["submission"]
    given = held(registration_step(client, "policy", submission=forged.encode("utf-8", "replace").decode()))
    assert UUID(given["submission"]) != UUID(kept)


def test_a_doubted_number_that_was_confirmed_stays_confirmed(client: Client):
    doubted = (
        BOTH_KINDS | BIRTH | {"country": "CN", "registration_number": "91350100M0001TGQXM", "phone": "+8613800138000"}
    )
    asked = client.post("/register/enterprise/", doubted | {"step": "policy"})
    assert (asked.status_code, step_of(asked)) == (422, "you")
    page = asked.content.decode()
    assert "The check digit of this number is wrong" in page
    number, confirmed, folded = (
        page.index(part)
        for part in ('id="id_registration_number"', "id_registration_number_confirmed", '<details class="more-fields"')
    )
    assert number < confirmed < folded
    confirmed = held(asked) | doubted | {"registration_number_confirmed": "on"}
    read = held(client.post("/register/enterprise/", confirmed | {"step": "policy"}))
    assert read["registration_number_confirmed"] == "on"
    back = held(client.post("/register/enterprise/", read | {"step": "you"}))
    assert back["registration_number_confirmed"] == "on"
    last = client.post("/register/enterprise/", read | back | {"step": "check"})
    assert step_of(last) == "check"
