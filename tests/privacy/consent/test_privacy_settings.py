"""The privacy page: consents, switches with their consequences, and receipts for their owner only."""

import json
import re

import pytest
from django.conf import settings
from django.test import Client

from accounts.users.models import User
from privacy.consent.queries import consents_of, latest_consent, purposes_in_force
from privacy.consent.services import switch_purpose
from privacy.recipients.services import register_recipient
from tests.factories import agree, make_person, make_policy, make_user


@pytest.fixture
def person(client: Client) -> User:
    user = make_person()
    client.force_login(user)
    return user


def test_a_switch_says_first_what_follows_and_is_as_easy_off_as_on(client: Client, person: User):
    page = "/settings/privacy/purposes/product_news/"
    client.post(page, {"on": "yes"})
    assert purposes_in_force(person.subject_id) == ["product_news"]
    assert "We stop writing to you about products" in client.get(page).content.decode()
    client.post(page, {"on": "no"})
    assert purposes_in_force(person.subject_id) == []


@pytest.mark.parametrize("key", ["service", "no_such_purpose"])
def test_what_has_no_switch_has_no_page(client: Client, person: User, key: str):
    assert client.get(f"/settings/privacy/purposes/{key}/").status_code == 404


def test_the_page_shows_my_switches_and_every_act_of_mine_newest_first(client: Client, person: User):
    make_person()  # whose acts are not shown to others
    switch_purpose(subject=person.subject, key="product_news", on=True, channel="rest")
    page = client.get("/settings/privacy/").content.decode()
    names = re.findall(r'<h3 id="purpose-\w+">([^<]+)</h3>', page)
    states = re.findall(r'role="switch" aria-checked="(true|false)"', page)
    assert dict(zip(names, states, strict=True)) == {"User experience programme": "false", "Product news": "true"}
    acts = re.findall(r"<h3>([^<]+)</h3>", page.partition('<ol class="timeline">')[2].partition("</ol>")[0])
    label = latest_consent(person.subject_id).version.label
    assert acts == ["Turned on: Product news", f"Agreed to version {label} at registration"]
    for record in consents_of(person.subject_id):
        assert f"/settings/privacy/receipts/{record.pk}/" in page
    assert "settings/privacy/purposes/product_news/" in page


def test_the_page_announces_another_wording(client: Client, person: User):
    accepted = latest_consent(person.subject_id).version
    make_policy(label="wording-2", text="We keep promises, always.", material=False)
    page = client.get("/settings/privacy/").content.decode()
    assert "The wording of our privacy policy changed: version wording-2" in page
    assert f"since={accepted.label}" in page


def test_the_switch_offers_the_other_state_and_says_that_it_is_saved(client: Client, person: User):
    page = "/settings/privacy/purposes/user_experience/"
    shown = client.get(page).content.decode()
    assert ('name="on" value="yes"' in shown, "We stop using" in shown) == (True, False)
    answer = client.post(page, {"on": "yes"}, follow=True)
    assert answer.redirect_chain == [("/settings/privacy/", 302)]
    assert "Saved. The receipt is below." in answer.content.decode()
    assert 'name="on" value="no"' in client.get(page).content.decode()
    assert latest_consent(person.subject_id).channel == "web"


def test_a_receipt_is_a_file_that_people_can_read_and_find_again(client: Client):
    user = make_user(jurisdiction="cn")
    record = agree(user.subject, make_policy("cn", language="zh-hans"))
    client.force_login(user)
    answer = client.get(f"/settings/privacy/receipts/{record.pk}.json", headers={"accept-language": "zh-hans"})
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    name = f"consent-{record.at:%Y-%m-%d}-{record.pk}.json"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "上海移远通信技术股份有限公司" in answer.content.decode()
    assert '\n  "record_id"' in answer.content.decode()
    notice = json.loads(answer.content)["pii_processing"]["privacy_notice"]
    assert notice.startswith(f"{settings.SITE_URL}/policies/cn/")


def test_a_receipt_can_be_downloaded_by_its_owner_only(client: Client, person: User):
    record = consents_of(person.subject_id).get()
    answer = client.get(f"/settings/privacy/receipts/{record.pk}.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["record_id"] == str(record.pk)
    stranger = Client()
    stranger.force_login(make_person())
    assert stranger.get(f"/settings/privacy/receipts/{record.pk}.json").status_code == 404


def test_the_page_says_who_holds_the_data(client: Client, person: User):
    page = client.get("/settings/privacy/").content.decode()
    assert "No other organisation is registered as holding it." in page
    register_recipient(name="Acme Logistics", url="https://acme.example/", classes=["contact"])
    page = client.get("/settings/privacy/").content.decode()
    assert '<h3>Acme Logistics</h3><p class="muted small">Contact points</p>' in page
    assert "No other organisation" not in page


def test_a_receipt_is_a_page_that_says_what_the_file_says(client: Client, person: User):
    switch_purpose(subject=person.subject, key="product_news", on=True, channel="web")
    register_recipient(name="Acme Logistics", url="https://acme.example/", classes=["contact"])
    record = latest_consent(person.subject_id)
    page = client.get(f"/settings/privacy/receipts/{record.pk}/").content.decode()
    told = client.get(f"/settings/privacy/receipts/{record.pk}.json").json()
    for purpose in told["pii_processing"]["purposes"]:
        assert f"<h3>{purpose['purpose']}</h3>" in page
        assert all(used["pii_type"] in page for used in purpose["pii_information"])
    for party in told["party_identification"]:
        assert party["party_name"] in page
    assert record.digest in page
    assert "Turned on: Product news" in page
    assert "Legal basis: The contract with you" in page


def test_a_receipt_states_what_was_turned_off(client: Client, person: User):
    for on in (True, False):
        switch_purpose(subject=person.subject, key="product_news", on=on, channel="web")
    page = client.get(f"/settings/privacy/receipts/{latest_consent(person.subject_id).pk}/").content.decode()
    assert '<span class="chip">Turned off</span>' in page


def test_a_receipt_page_is_for_its_owner_only(person: User):
    record = latest_consent(person.subject_id)
    stranger = Client()
    assert stranger.get(f"/settings/privacy/receipts/{record.pk}/").status_code == 302
    stranger.force_login(make_person())
    assert stranger.get(f"/settings/privacy/receipts/{record.pk}/").status_code == 404
