"""A person asks for a service: the page asks for just what is missing, says why, and leads back."""

import datetime as dt
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.contact_points.models import ContactPoint
from accounts.licences.models import Licence
from accounts.licences.states import LicenceState
from accounts.profiles.declarations import ENTERPRISE
from accounts.profiles.models import Correction, Profile
from accounts.profiles.services import correct_profile
from accounts.profiles.verified_enterprise import VERIFIED_ENTERPRISE
from accounts.users.models import User
from privacy.consent.product_news import PRODUCT_NEWS
from privacy.consent.queries import purposes_in_force
from privacy.inventory.offered_services import Service, is_met, needs_service
from tests.declarations import declare
from tests.factories import PASSWORD, make_person, make_policy, make_staff
from tests.licences import enterprise, handed_in, photo
from tests.sign_in_clients import client_of, newest_code

pytestmark = pytest.mark.embedded
MARK, NEWS = "/settings/services/verified_enterprise/", "/settings/services/product_news/"
TERM = {"business_period_start": "2020-01-02", "business_period_end": "no_fixed_term"}
GIVEN = {"business_address": "Hafenstr. 1\n20457 Hamburg", **TERM}


@pytest.fixture(autouse=True)
def _store(settings, tmp_path) -> None:
    entry = settings.STORAGES["licences"] | {"OPTIONS": {"location": str(tmp_path / "licences")}}
    settings.STORAGES = settings.STORAGES | {"licences": entry}


@pytest.fixture
def firm() -> Client:
    """The browser of an enterprise that gave no optional field."""
    enterprise()
    return client_of(User.objects.get())


@pytest.fixture
def person() -> Client:
    """The browser of an individual with a phone number only."""
    make_policy()
    return client_of(make_person())


def shown(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def approved() -> Licence:
    """The approved licence of the only enterprise."""
    licence = handed_in()
    licence.state, licence.decided_at = LicenceState.APPROVED, timezone.now()
    licence.save()
    return licence


def test_the_page_asks_for_what_is_missing_and_says_why(firm: Client):
    page = shown(firm, MARK)
    for name in GIVEN:
        assert f'name="{name}"' in page
    assert "To write to you." in page
    assert "To verify the enterprise." in page
    assert "/settings/licence/" in page
    assert 'name="enterprise_name"' not in page


def test_what_is_given_is_saved_as_a_correction_and_asked_no_more(firm: Client):
    answer = firm.post(MARK, GIVEN, follow=True)
    assert "Saved: 3 fields changed." in answer.content.decode()
    profile = Profile.objects.get()
    assert (profile.business_address, profile.business_period_start) == (GIVEN["business_address"], dt.date(2020, 1, 2))
    assert set(Correction.objects.values_list("field", flat=True)) == set(GIVEN)
    page = shown(firm, MARK)
    assert 'name="business_address"' not in page
    assert "/settings/licence/" in page


def test_each_field_is_required_and_checked_as_in_the_profile(firm: Client):
    empty = firm.post(MARK, {})
    assert {*empty.context["form"].errors} == set(GIVEN)
    assert "Enter your business address." in empty.content.decode()
    wrong = firm.post(MARK, GIVEN | {"business_period_end": "2019-01-01"})
    assert "The end date is before the start date" in wrong.content.decode()
    assert Profile.objects.get().business_address is None


def test_only_half_of_it_missing_keeps_the_other_half(firm: Client):
    held = Profile.objects.get()
    began = dt.date(2020, 1, 2)
    correct_profile(subject=held.subject, values={"business_period_start": began, "business_period_end": began})
    assert 'name="business_period_start"' not in shown(firm, MARK)
    firm.post(MARK, {"business_address": GIVEN["business_address"]})
    profile = Profile.objects.get()
    assert (profile.business_period_start, profile.business_period_end) == (began, began)
    assert profile.business_address == GIVEN["business_address"]


def test_it_leads_back_once_nothing_is_missing(firm: Client):
    approved()
    page = f"{MARK}?next=/settings/privacy/"
    assert 'name="next" value="/settings/privacy/"' in shown(firm, page)
    assert firm.post(page, GIVEN).url == "/settings/privacy/"
    assert 'class="button" href="/settings/privacy/"' in shown(firm, page)
    assert "We have all that this service needs." in shown(firm, page)
    assert firm.post(page, GIVEN).url == "/settings/privacy/"  # sent again from an old window


def test_it_stays_with_its_next_while_something_else_is_missing(firm: Client):
    url = firm.post(MARK, GIVEN | {"next": "/settings/privacy/"}).url
    assert url == f"{MARK}?next={quote('/settings/privacy/', safe='')}"


@pytest.mark.parametrize(
    "unsafe", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_next_of_another_site_is_refused(firm: Client, unsafe: str):
    approved()
    assert "evil" not in shown(firm, f"{MARK}?next={quote(unsafe, safe='')}").replace(quote(unsafe, safe=""), "")
    assert firm.post(MARK, GIVEN | {"next": unsafe}).url == MARK


def test_the_mark_is_there_while_the_licence_is_in_force(firm: Client):
    user = User.objects.get()
    firm.post(MARK, GIVEN)
    assert "Verified enterprise" not in shown(firm, "/home/")
    licence = handed_in()
    assert "Our staff are looking at it" in shown(firm, MARK)
    licence.state, licence.decided_at = LicenceState.APPROVED, timezone.now()
    licence.save()
    assert "Verified enterprise" in shown(firm, "/home/")
    assert is_met(user.subject_id, VERIFIED_ENTERPRISE)
    Licence.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "Verified enterprise" not in shown(firm, "/home/")
    assert "Upload your licence" in shown(firm, MARK)


def test_the_page_of_the_licence_leads_back(firm: Client):
    page = shown(firm, f"{MARK}?next=/home/")
    back = f"{MARK}?next=/home/"
    link = f"/settings/licence/?next={quote(f'{MARK}?next=%2Fhome%2F', safe='')}"
    assert link in page
    assert f'class="back" href="{back.replace("/home/", "%2Fhome%2F")}"' in shown(firm, link)
    sent = firm.post(link, {"file": SimpleUploadedFile("licence.jpg", photo())})
    assert sent.url == link
    assert "evil" not in shown(firm, "/settings/licence/?next=https://evil.example/").split("<main")[1]


def test_product_news_asks_for_an_address_when_it_is_switched_on(person: Client):
    user = User.objects.get()
    switched = person.post("/settings/privacy/purposes/product_news/", {"on": "yes"})
    assert purposes_in_force(user.subject_id) == ["product_news"]
    assert switched.url == f"{NEWS}?next={quote('/settings/privacy/', safe='')}"
    page = shown(person, switched.url)
    assert "Add it" in page
    person.post("/sign-in/again/", {"password": PASSWORD})
    add = f"/settings/security/email/?next={quote(switched.url, safe='')}"
    assert add in page
    sent = person.post(add, {"value": "maria@example.org"})
    assert sent.url == f"/settings/security/email/code/?next={quote(switched.url, safe='')}"
    assert "You gave it. A code verifies it." in shown(person, NEWS)
    back = person.post(sent.url, {"code": newest_code()})
    assert back.url == switched.url
    assert "We have all that this service needs." in shown(person, back.url)
    assert person.post("/settings/privacy/purposes/product_news/", {"on": "no"}).url == "/settings/privacy/"
    assert person.post("/settings/privacy/purposes/product_news/", {"on": "yes"}).url == "/settings/privacy/"


def test_a_purpose_that_no_service_names_asks_for_nothing(person: Client):
    assert person.post("/settings/privacy/purposes/user_experience/", {"on": "yes"}).url == "/settings/privacy/"


def test_an_individual_has_no_page_of_the_mark(person: Client):
    assert person.get(MARK).status_code == 404
    assert person.get("/settings/services/none/").status_code == 404
    assert "verified_enterprise" not in shown(person, "/settings/services/")


def test_staff_without_a_profile_have_no_services():
    staff = client_of(make_staff())
    assert staff.get("/settings/services/").status_code == 404
    assert staff.get(NEWS).status_code == 404
    assert "/settings/services/" not in shown(staff, "/settings/")


def test_the_list_and_the_home_page_say_what_is_missing(firm: Client):
    assert "Details missing" in shown(firm, "/settings/services/")
    assert "2 services need more details." in shown(firm, "/home/")
    approved()
    firm.post(MARK, GIVEN)
    assert "1 service needs more details." in shown(firm, "/home/")
    ContactPoint.objects.filter(field="enterprise_email").update(verified_at=timezone.now())
    assert "Details missing" not in shown(firm, "/settings/services/")
    assert "Your services have all the details that they need." in shown(firm, "/home/")


def test_a_page_of_a_service_leads_to_what_is_missing_and_back(firm: Client, person: Client):
    view = needs_service(VERIFIED_ENTERPRISE)(lambda _request: HttpResponse("There."))
    request = RequestFactory().get("/tenders/?page=2")
    individual = Profile.objects.get(kind="individual")
    owner = Profile.objects.get(kind="enterprise")
    request.data_subject = owner.subject
    assert view(request).url == f"{MARK}?next={quote('/tenders/?page=2', safe='')}"
    request.data_subject = individual.subject
    with pytest.raises(Http404):
        view(request)


def test_a_page_of_a_service_is_shown_when_nothing_is_missing(firm: Client):
    approved()
    firm.post(MARK, GIVEN)
    request = RequestFactory().get("/tenders/")
    request.data_subject = User.objects.get().subject
    assert needs_service(VERIFIED_ENTERPRISE)(lambda _request: HttpResponse("There."))(request).status_code == 200


def test_another_service_is_asked_for_without_another_line(person: Client):
    with declare(Service("surveys", "Surveys", "We ask you.", needs=("company_name", "username", "email"))):
        page = shown(person, "/settings/services/surveys/")
        assert 'name="company_name"' in page
        assert 'name="username"' not in page
        assert "Surveys" in shown(person, "/settings/services/")


def test_a_registration_number_is_checked_by_the_country_that_is_known(firm: Client):
    with declare(Service("tenders", "Tenders", "Take part.", needs=("registration_number",))):
        page = "/settings/services/tenders/"
        assert 'name="country"' not in shown(firm, page)
        firm.post(page, {"registration_number": "HRB 12345", "registration_number_confirmed": "on", "country": "RS"})
        profile = Profile.objects.get()
        assert profile.registration_number
        assert profile.country == "DE"


def test_a_licence_in_review_is_enough_where_nothing_need_be_verified(firm: Client):
    user, trial = User.objects.get(), Service("trial", "Trial", "Try it.", kinds=ENTERPRISE, licence=True)
    with declare(trial):
        assert not is_met(user.subject_id, trial)
        handed_in()
        assert is_met(user.subject_id, trial)


def test_a_purpose_that_is_not_asked_for_has_no_service(person: Client, settings):
    settings.OPTIONAL_PURPOSES = ()
    assert person.get(NEWS).status_code == 404
    assert not is_met(User.objects.get().subject_id, PRODUCT_NEWS)


def test_switching_the_language_keeps_what_was_typed(firm: Client):
    page = firm.post(f"{MARK}?next=/home/", GIVEN | {"switch_language": "zh-hans"}, follow=True).content.decode()
    assert "Hafenstr. 1" in page
    assert "经营地址" in page
    assert Profile.objects.get().business_address is None
