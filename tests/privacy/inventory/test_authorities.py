"""People read which authority takes their complaint: that of their country, with a link to its page for complaints."""

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.export.reading import readable
from privacy.export.standalone import as_html
from privacy.inventory.authorities import Authority, authority_for
from privacy.jurisdictions.country_codes import country_codes
from privacy.jurisdictions.jurisdictions import get_jurisdiction, jurisdiction_of_country
from tests.app import registered
from tests.copies import document_of
from tests.factories import make_policy
from tests.privacy.export.pages import Words
from tests.sign_in_clients import registration_step

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]

GENERIC = "The data protection authority of your country or region"
GREEK = "Αρχή Προστασίας Δεδομένων Προσωπικού Χαρακτήρα"
COMPLAINTS_IN_SERBIA = "https://www.poverenik.rs/en/data-protection/"


def test_an_authority_is_named_after_its_country_as_it_is_and_for_readers_of_english_in_english():
    intl = get_jurisdiction("intl")
    assert authority_for("GR", intl) == Authority(
        f"Greece: {GREEK} (Hellenic Data Protection Authority)",
        "https://www.dpa.gr/en/individuals/complaint-to-the-hellenic-dpa",
    )
    with translation.override("zh-hans"):
        assert authority_for("GR", intl).name == f"希腊：{GREEK}"
        assert authority_for("CN", get_jurisdiction("cn")).name == "中国：国家互联网信息办公室"


def test_without_a_page_for_complaints_the_link_is_the_authoritys_own_and_without_both_there_is_none():
    intl = get_jurisdiction("intl")
    assert authority_for("MX", intl).page == "https://www.gob.mx/buengobierno"
    assert authority_for("IN", intl) == Authority("India: Data Protection Board of India")


def test_without_a_known_authority_the_jurisdiction_says_it_for_all():
    intl = get_jurisdiction("intl")
    assert authority_for("US", intl) == authority_for(None, intl) == Authority(GENERIC)


def test_a_jurisdiction_of_one_country_has_the_authority_of_that_country():
    assert authority_for(None, get_jurisdiction("cn")) == authority_for("CN", get_jurisdiction("cn"))
    assert authority_for(None, get_jurisdiction("cn")).page == "https://www.12377.cn/"


@given(st.sampled_from(sorted(country_codes())), st.sampled_from(["en", "zh-hans"]))
def test_every_country_has_words_and_a_safe_link(country: str, language: str):
    with translation.override(language):
        found = authority_for(country, jurisdiction_of_country(country))
        assert found.name
        assert found.page.startswith("https://") or not found.page


def test_the_summary_at_registration_names_the_authority_of_the_country(client: Client):
    make_policy("intl")
    for country, link in (("DE", "https://www.bfdi.bund.de/"), ("FR", "https://www.cnil.fr/fr/plaintes")):
        page = Words(registration_step(client, "policy", country).content.decode())
        assert any(each.startswith(link) for each in page.links)
        assert GENERIC not in page.text
    assert GENERIC in Words(registration_step(client, "policy", "US").content.decode()).text


def test_the_page_of_the_policy_names_it_to_those_whose_policy_it_is(client: Client, signed_in: Client):
    make_policy("cn")
    shown = Words(signed_in.get("/policies/intl/").content.decode())
    assert any(each.startswith(COMPLAINTS_IN_SERBIA) for each in shown.links)
    for page in (signed_in.get("/policies/cn/"), Client().get("/policies/cn/")):
        assert "https://www.12377.cn/" in Words(page.content.decode()).links
        assert "Poverenik" not in Words(page.content.decode()).text
    assert GENERIC in Words(Client().get("/policies/intl/").content.decode()).text


def test_a_copy_names_it_with_its_page(person: User):
    document = document_of(person.subject)
    stated = document["processing"]
    assert stated["country"] == "RS"
    assert stated["authority"].startswith("Serbia: ")
    assert stated["authority_page"].startswith(COMPLAINTS_IN_SERBIA)
    page = Words(as_html(document))
    assert stated["authority_page"] in page.links


def test_a_copy_of_an_earlier_release_is_still_read(person: User):
    document = document_of(person.subject)
    for name in ("country", "authority_page"):
        del document["processing"][name]
    assert readable(document).processing["authority"] == GENERIC


def test_the_copy_of_someone_in_another_country_names_theirs():
    make_policy("intl")
    registered("FR")
    person = User.objects.get()
    assert Profile.objects.get(subject=person.subject).country == "FR"
    assert "Commission Nationale" in document_of(person.subject)["processing"]["authority"]
