"""The journey of an app: register, verify, read, correct, agree, cancel, undo."""

import pytest
from django.conf import settings

from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.policies.models import PolicyVersion
from tests.app import App, registered
from tests.factories import PASSWORD, make_policy, make_user
from tests.forms import INDIVIDUAL
from tests.sign_in_clients import newest_code

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture(autouse=True)
def _policy():
    make_policy("intl")


def test_a_registration_waits_for_its_code_and_then_is_signed_in():
    app = App()
    answer = app.register()
    assert answer.status_code == 201, answer.content
    assert answer.json()["next"] == "verify_contact"
    assert answer.json()["contact"]["masked"].endswith("89")
    assert app.get("me").status_code == 401
    assert app.become_verified().json()["signed_in"] is True
    me = app.get("me").json()
    assert (me["name"], me["username"], me["phone"], me["country"]) == (
        "Jörg Groß", "joerg_gross", "+4915123456789", "DE",
    )  # fmt: skip
    assert "enterprise_name" not in me
    consent = ConsentRecord.objects.get(subject_id=me["subject"])
    assert (consent.channel, consent.act) == ("rest", "registered")


def test_a_wrong_registration_says_what_is_wrong_by_field_and_stores_nothing():
    answer = App().register(name="", phone="12", agreed=False)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "invalid"
    assert {"name"} <= set(problem["errors"])
    answer = App().register(phone="12", agreed=False)
    assert {"phone", "consent.agreed"} == set(answer.json()["errors"])
    assert not User.objects.exists()


def test_errors_come_in_the_asked_language():
    english, chinese = App().register(phone="12"), App(language="zh-hans").register(phone="12")
    assert english.json()["errors"]["phone"][0]["code"] == chinese.json()["errors"]["phone"][0]["code"]
    assert english.json()["errors"]["phone"][0]["message"] != chinese.json()["errors"]["phone"][0]["message"]
    assert chinese["Content-Language"] == "zh-hans"


def test_an_agreement_to_another_text_is_refused_with_the_one_in_force():
    answer = App().register(policy="0" * 64)
    assert answer.status_code == 409
    assert answer.json()["code"] == "policy_not_in_force"
    assert len(answer.json()["digest"]) == 64


def test_accepting_another_text_is_refused_with_the_one_in_force_and_how_to_show_it():
    app = registered()
    current = PolicyVersion.objects.get()
    agreed = {"act": "accepted", "language": "en", "agreed": True, "purposes": []}
    answer = app.post("me/consents", agreed | {"policy": "0" * 64})
    assert answer.status_code == 409
    problem = answer.json()
    assert (problem["code"], problem["jurisdiction"]) == ("policy_not_in_force", "intl")
    assert (problem["version"], problem["language"], problem["digest"]) == (current.label, "en", current.digest)


def test_who_never_agreed_can_change_no_purpose():
    app = App()
    app.sign_in(make_user(username="never_agreed").username, PASSWORD)
    answer = app.post("me/consents", {"act": "granted", "purpose": "product_news"})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_consent")


def test_an_act_of_consent_says_under_which_text_and_has_its_receipt():
    app = registered()
    [act] = app.get("me/consents").json()["results"]
    record, version = ConsentRecord.objects.get(), PolicyVersion.objects.get()
    receipt = act.pop("receipt")
    assert act == {
        "id": str(record.pk),
        "act": "registered",
        "at": record.at.isoformat().replace("+00:00", "Z"),
        "channel": "rest",
        "jurisdiction": "intl",
        "version": version.label,
        "language": "en",
        "digest": version.digest,
        "purposes": [],
        "granted": [],
        "withdrawn": [],
    }
    assert receipt["pii_processing"]["withdrawal_method"] == f"{settings.SITE_URL}/settings/privacy/"


@pytest.mark.parametrize("act", ["granted", "withdrew"])
def test_a_switch_needs_its_purpose_and_an_agreement_its_text(act: str):
    app = registered()
    answer = app.post("me/consents", {"act": act})
    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == {"purpose"}
    answer = app.post("me/consents", {"act": "accepted", "purpose": "product_news"})
    assert answer.json()["errors"].keys() == {"policy", "language", "agreed", "purposes"}
    assert app.post("me/consents", {"act": "registered"}).json()["errors"].keys() == {"act"}


def test_unknown_fields_are_refused():
    answer = App().register(is_staff=True)
    assert answer.json()["errors"]["is_staff"][0]["code"] == "unknown_field"
    app = registered()
    for name in ("subject", "kind", "jurisdiction", "phone"):
        answer = app.send("PATCH", "me", {name: "x"})
        assert answer.json()["errors"][name][0]["code"] == "read_only", name
    assert app.send("PATCH", "me", {"enterprise_name": "x"}).json()["errors"]["enterprise_name"][0]["code"] == (
        "unknown_field"
    )


def test_a_correction_changes_what_was_given_and_leaves_the_rest():
    app = registered()
    answer = app.send("PATCH", "me", {"company_name": "Groß & Söhne", "time_zone": "PRC"})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["company_name"], answer.json()["time_zone"]) == ("Groß & Söhne", "Asia/Shanghai")
    assert answer.json()["name"] == "Jörg Groß"
    assert app.send("PATCH", "me", {"company_name": None}).json()["company_name"] is None
    fields = [entry["field"] for entry in app.get("me/corrections").json()["results"]]
    assert sorted(fields) == ["company_name", "company_name", "time_zone"]


def test_a_stale_write_is_refused():
    app = registered()
    read = app.get("me")["ETag"]
    assert app.send("PATCH", "me", {"company_name": "One"}, if_match=read).status_code == 200
    stale = app.send("PATCH", "me", {"company_name": "Two"}, if_match=read)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert app.get("me").json()["company_name"] == "One"


def test_another_country_s_jurisdiction_is_refused():
    answer = registered().send("PATCH", "me", {"country": "CN"})
    assert answer.json()["errors"]["country"][0]["code"] == "other_jurisdiction"


def test_purposes_are_granted_and_withdrawn_with_receipts():
    app = registered()
    granted = app.post("me/consents", {"act": "granted", "purpose": "product_news"})
    assert granted.status_code == 201
    assert granted.json()["receipt"]["event"][0]["event_type"] == "granted"
    assert app.post("me/consents", {"act": "withdrew", "purpose": "product_news"}).json()["purposes"] == []
    assert [each["act"] for each in app.get("me/consents").json()["results"]] == ["withdrew", "granted", "registered"]
    assert app.post("me/consents", {"act": "granted"}).json()["errors"]["purpose"][0]["code"] == "required"
    assert app.post("me/consents", {"act": "granted", "purpose": "service"}).status_code == 422


def test_lists_come_in_pages():
    app = registered()
    for act in ("granted", "withdrew", "granted"):
        app.post("me/consents", {"act": act, "purpose": "product_news"})
    first = app.get("me/consents?page_size=3").json()
    second = app.get(first["next"].removeprefix("http://testserver")).json()
    assert [len(first["results"]), len(second["results"])] == [3, 1]
    assert second["next"] is None
    assert app.get("me/consents?cursor=cD1ub25zZW5zZQ==").json()["code"] == "invalid"


def test_until_a_material_change_is_answered_data_can_be_read_and_nothing_changed():
    app = registered()
    new = make_policy("intl", text="Something else.")
    assert app.get("me").status_code == 200
    shut = app.send("PATCH", "me", {"company_name": "Example"})
    assert (shut.status_code, shut.json()["code"]) == (403, "consent_required")
    assert (shut.json()["version"], shut.json()["digest"]) == (new.label, new.digest)
    changes = app.get(shut.json()["changes"]).json()
    assert changes["changes"]
    agreed = {"act": "accepted", "policy": new.digest, "language": "en", "agreed": True, "purposes": []}
    assert app.post("me/consents", agreed | {"agreed": False}).status_code == 422
    assert app.post("me/consents", agreed).status_code == 201
    assert app.send("PATCH", "me", {"company_name": "Example"}).status_code == 200


@pytest.mark.parametrize("path", ["auth/factors", "auth/sessions", "auth/devices", "me/security-events", "me/contacts"])
def test_until_a_material_change_is_answered_the_account_can_be_secured(path: str):
    app = registered()
    make_policy("intl", text="Something else.")
    assert app.get(path).status_code == 200
    changed = app.post("auth/password", {"current": INDIVIDUAL["password"], "password": "Granite-Willow-Basket-72"})
    assert changed.status_code == 200, changed.content
    assert app.send("DELETE", "auth/sessions").status_code == 204


def test_an_app_answers_for_each_optional_purpose_again():
    app = registered(purposes=["product_news", "user_experience"])
    new = make_policy("intl", text="Something else.")
    agreed = {"act": "accepted", "policy": new.digest, "language": "en", "agreed": True}
    assert app.post("me/consents", agreed).json()["errors"].keys() == {"purposes"}
    assert app.post("me/consents", agreed | {"purposes": ["security"]}).json()["errors"].keys() == {"purposes.0"}
    answer = app.post("me/consents", agreed | {"purposes": ["product_news"]}).json()
    assert (answer["purposes"], answer["granted"], answer["withdrawn"]) == (["product_news"], [], ["user_experience"])


def test_a_cancellation_ends_every_token_and_can_be_undone():
    app, other = registered(), App()
    other.sign_in("joerg_gross")
    cancelled = app.post("me/cancellation", {"confirmed": True})
    assert cancelled.status_code == 201, cancelled.content
    assert app.get("me").status_code == other.get("me").status_code == 401
    receipt = App().get(f"receipts/{cancelled.json()['reference'].lower().replace('-', '')}").json()
    assert (receipt["state"], receipt["erased_at"]) == ("cooling_off", None)
    stopped = app.sign_in("joerg_gross")
    assert (stopped.status_code, stopped.json()["code"]) == (403, "account_cancelled")
    app.token = stopped.json()["token"]
    assert app.get("me").status_code == 401
    assert app.send("DELETE", "me/cancellation").json()["signed_in"] is True
    assert app.get("me").json()["username"] == "joerg_gross"


def test_a_cancellation_asks_for_a_fresh_sign_in_and_a_clear_yes(settings):
    app = registered()
    assert app.post("me/cancellation", {"confirmed": False}).json()["errors"]["confirmed"][0]["code"] == "required"
    app.post("auth/password", {"current": INDIVIDUAL["password"], "password": "Granite-Willow-Basket-72"})
    settings.FRESH_SIGN_IN = settings.FRESH_SIGN_IN * 0
    assert app.post("me/cancellation", {"confirmed": True}).json()["code"] == "fresh_sign_in_required"


def test_a_changed_password_ends_every_other_token():
    app, other = registered(), App()
    other.sign_in("joerg_gross")
    before = app.token
    changed = app.post("auth/password", {"current": INDIVIDUAL["password"], "password": "Granite-Willow-Basket-72"})
    assert changed.status_code == 200
    assert app.token != before
    assert app.get("me").status_code == 200
    assert other.get("me").status_code == App(before).get("me").status_code == 401


def test_a_person_signs_in_with_a_code():
    registered()
    app = App()
    assert app.post("auth/code", {"login": "+4915123456789"}).json()["signed_in"] is False
    digits = newest_code("sign_in_code")
    assert app.post("auth/code/confirm", {"code": "000000" if digits != "000000" else "1" * 6}).status_code == 422
    assert app.post("auth/code/confirm", {"code": digits}).json()["signed_in"] is True
    nobody = App()
    assert nobody.post("auth/code", {"login": "+4915123456780"}).status_code == 200
    assert nobody.post("auth/code/confirm", {"code": digits}).json()["code"] == "wrong_code"


def test_recovery_sets_a_new_password_and_ends_every_token():
    signed_in = registered()
    app = App()
    assert app.post("auth/recover", {"login": "+4915123456789"}).status_code == 200
    digits = newest_code("recovery_code")
    new = {"password": "Granite-Willow-Basket-72"}
    assert app.post("auth/recover/password", new).json()["code"] == "no_pending_step"
    assert app.post("auth/recover/confirm", {"code": digits}).status_code == 204
    assert app.post("auth/recover/password", new).status_code == 200
    assert signed_in.get("me").status_code == 401
    assert App().sign_in("joerg_gross", new["password"]).json()["signed_in"] is True


def test_a_phone_changes_only_once_the_new_one_is_proved():
    app = registered()
    assert app.post("me/contacts/phone", {"value": "+4915123456700"}).status_code == 202
    assert app.get("me").json()["phone"] == "+4915123456789"
    digits = newest_code()
    assert app.post("me/contacts/phone/verify", {"code": digits}).status_code == 200
    assert app.get("me").json()["phone"] == "+4915123456700"
    assert app.post("me/contacts/fax", {"value": "x"}).status_code == 404


def test_a_page_s_cookie_opens_nothing_here(client):
    registered()
    client.post("/sign-in/", {"login": "joerg_gross", "password": INDIVIDUAL["password"]})
    assert client.get("/home/").status_code == 200
    assert client.get("/api/v1/me").status_code == 401


def test_an_app_s_token_opens_no_page():
    app = registered()
    assert app.get("/home/").status_code == 302
