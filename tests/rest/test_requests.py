"""Requests by REST: filed with or without signing in, proven, and closed to everybody else."""

from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from privacy.notices.models import Notice
from privacy.rest.models import AnsweredRequest
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import Proof
from privacy.rights.models.requests import RequestMessage, RightsRequest
from privacy.rights.services import prove
from privacy.rights.urls import rest
from tests.app import App, registered
from tests.factories import make_policy
from tests.sign_in_clients import newest_code

pytestmark = pytest.mark.embedded

BODY: dict[str, Any] = {
    "country": "DE",
    "language": "en",
    "contact": {"email": "ada@example.com"},
    "items": [{"right": "access", "text": "Everything."}, {"right": "deletion", "ground": "6.3.1"}],
}
UNKNOWN = "7KQ2M-0XW4D-P9TRA-H3VBC"
OPERATIONS = [
    ("GET", "", None),
    ("POST", "/proof", {"code": "123456"}),
    ("POST", "/code", None),
    ("POST", "/withdraw", {"right": "access"}),
]


@pytest.fixture(autouse=True)
def _policy(db) -> None:
    make_policy("intl")


def file(app: App | None = None, **changed: object) -> dict[str, Any]:
    answer = (app or App()).post("requests", BODY | changed)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_stranger_files_a_request_proves_it_and_follows_it():
    filed = file()
    request = RightsRequest.objects.get()
    assert filed.keys() == {
        *("reference", "received_at", "due_at", "closed_at", "channel", "about", "state", "proof", "items", "token"),
    }
    assert (filed["reference"], filed["state"], filed["channel"]) == (request.reference, "received", "rest")
    assert filed["due_at"] == request.due_at.isoformat().replace("+00:00", "Z")
    assert [(item["right"], item["ground"]) for item in filed["items"]] == [("access", None), ("deletion", "6.3.1")]
    place, secret = f"requests/{filed['reference']}", {"Request_Token": filed["token"]}
    app = App()
    before = app.get(place, **secret).json()
    assert (before["answers"], [step["act"] for step in before["steps"]]) == (None, ["received"])
    wrong = app.post(f"{place}/proof", {"code": "000000"}, **secret)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_code")
    assert app.post(f"{place}/code", **secret).status_code == 204
    proven = app.post(f"{place}/proof", {"code": newest_code("request_code")}, **secret).json()
    assert (proven["proof"], proven["answers"], proven["state"]) == ("one_code", [], "open")
    assert {item["state"] for item in proven["items"]} == {"proven"}


def test_an_answer_needs_a_fresh_code():
    filed = file(items=[{"right": "access"}])
    request = RightsRequest.objects.get()
    prove(request=request, proof=Proof.ONE_CODE, subject=None)
    RequestMessage.objects.create(
        request=request,
        kind=RequestMessage.Kind.ANSWER,
        language="en",
        text="Here it is.",
        written_by=request.pk,
        role="Support",
        at=request.received_at,
    )
    place, secret = f"requests/{filed['reference']}", {"Request_Token": filed["token"]}
    assert App().get(place, **secret).json()["answers"] is None
    assert App().post(f"{place}/code", **secret).status_code == 204
    proven = App().post(f"{place}/proof", {"code": newest_code("request_code")}, **secret).json()
    assert [(answer["text"], answer["by"]) for answer in proven["answers"]] == [("Here it is.", "Support")]
    assert App().get(place, **secret).json()["answers"] is None


def test_what_the_portal_answered_needs_the_same_proof():
    filed = file(items=[{"right": "access"}])
    place, secret = f"requests/{filed['reference']}", {"Request_Token": filed["token"]}
    code = {"code": newest_code("request_code")}
    [item] = App().post(f"{place}/proof", code, **secret).json()["items"]
    assert item["answer"] is None
    carry_out_due()
    [item] = App().get(place, **secret).json()["items"]
    assert (item["state"], item["decided_at"], item["answer"]) == ("proven", None, None)
    assert App().post(f"{place}/code", **secret).status_code == 204
    code = {"code": newest_code("request_code")}
    [item] = App(language="zh-hans").post(f"{place}/proof", code, **secret).json()["items"]
    assert item["answer"] == {"code": "no_data", "text": "我们没有与该联系方式相关的您的个人信息。"}


def test_an_item_is_withdrawn_then_the_rest_and_nothing_twice():
    filed = file()
    place, secret = f"requests/{filed['reference']}/withdraw", {"Request_Token": filed["token"]}
    first = App().post(place, {"right": "deletion"}, **secret)
    assert {item["right"]: item["state"] for item in first.json()["items"]} == {
        "access": "received",
        "deletion": "withdrawn",
    }
    again = App().post(place, {"right": "deletion"}, **secret)
    assert (again.status_code, again.json()["code"]) == (409, "not_withdrawable")
    rest_of_it = App().post(place, **secret).json()
    assert (rest_of_it["state"], {item["state"] for item in rest_of_it["items"]}) == ("closed", {"withdrawn"})
    assert App().post(place, **secret).status_code == 409
    assert App().post(place, {"right": "everything"}, **secret).status_code == 422


def test_the_person_whose_request_it_is_withdraws_it_without_its_token():
    app = registered("DE")
    filed = app.post("requests", {"items": [{"right": "question", "text": "Who are you?"}]}).json()
    assert app.post(f"requests/{filed['reference']}/withdraw").json()["state"] == "closed"


def test_an_account_that_is_cancelled_already_is_kept_by_a_sign_in_only():
    app = registered("DE")
    filed = app.post("requests", {"items": [{"right": "deletion", "ground": "6.3.1"}]}).json()
    carry_out_due()
    refused = app.post(f"requests/{filed['reference']}/withdraw", {}, Request_Token=filed["token"])
    assert (refused.status_code, refused.json()["code"]) == (409, "not_withdrawable")


def test_a_signed_in_person_gives_neither_country_nor_contact_and_needs_no_code():
    app = registered("DE")
    filed = app.post("requests", {"items": [{"right": "access"}]}).json()
    assert (filed["state"], filed["proof"]) == ("open", "sign_in")
    request = RightsRequest.objects.get()
    assert (str(request.address), request.country, request.contact) == ("+4915123456789", "DE", "sms")
    assert app.get(f"requests/{filed['reference']}").json()["answers"] == []
    assert [one["reference"] for one in app.get("me/requests").json()["results"]] == [filed["reference"]]
    other = app.post("requests", {"items": [{"right": "access"}], "contact": {"email": "eve@example.com"}})
    assert other.json()["errors"]["contact.email"][0]["code"] == "not_verified"


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"country": "XX"}, {"country"}),
        ({"country": None}, {"country"}),
        ({"contact": {}}, {"contact"}),
        ({"contact": {"email": "ada@example.com", "phone": "+4915123456789"}}, {"contact"}),
        ({"contact": {"email": "ada"}}, {"contact.email"}),
        ({"contact": {"email": ["ada@example.com"]}}, {"contact.email"}),
        ({"contact": {"fax": "1"}}, {"contact.fax"}),
        ({"items": []}, {"items"}),
        ({"items": "access"}, {"items"}),
        ({"items": [{"right": "everything"}]}, {"items.0.right"}),
        ({"items": [{"right": "deletion"}]}, {"items.0.ground"}),
        ({"items": [{"right": "deletion", "ground": "7"}]}, {"items.0.ground"}),
        ({"items": [{"right": "access", "ground": "6.3.1"}]}, {"items.0.ground"}),
        ({"items": [{"right": "question", "text": " \n"}]}, {"items.0.text"}),
        ({"items": [{"right": "access"}, {"right": "access"}]}, {"items.1.right"}),
        ({"items": [{"right": "access", "state": "done"}]}, {"items.0.state"}),
        ({"language": "tlh", "contact": {"phone": "12"}}, {"language", "contact.phone"}),
        ({"subject": "me"}, {"subject"}),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_filed(change: dict[str, Any], errors: set[str]):
    answer = App().post("requests", deepcopy(BODY) | change)
    assert (answer.status_code, answer.json().get("code")) == (422, "invalid"), answer.content
    assert answer.json()["errors"].keys() == errors
    assert not RightsRequest.objects.exists()


def test_a_country_whose_data_another_site_stores_is_sent_there(settings):
    settings.JURISDICTIONS = ["intl"]
    settings.JURISDICTION_URLS = {"cn": "https://cn.example"}
    answer = App().post("requests", BODY | {"country": "CN"})
    assert (answer.status_code, answer.json()["site"]) == (421, "https://cn.example")
    assert not RightsRequest.objects.exists()


def test_a_retry_of_a_signed_in_person_files_nothing_again():
    app, key = registered("DE"), {"Idempotency_Key": "a-key-of-16-signs"}
    first, again = (app.post("requests", {"items": [{"right": "access"}]}, **key) for _time in range(2))
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert RightsRequest.objects.count() == 1


def test_a_request_without_a_sign_in_that_is_sent_again_files_nothing_again():
    """An app whose answer was lost sends the same body with the same random key."""
    key = {"Idempotency_Key": str(uuid4())}
    first, again = (App().post("requests", BODY, **key) for _time in range(2))
    assert (again.status_code, again.content, again["Idempotency-Replayed"]) == (201, first.content, "true")
    assert RightsRequest.objects.count() == Notice.objects.filter(template="request_code").count() == 1
    [stored] = AnsweredRequest.objects.all()
    assert BODY["contact"]["email"].encode() not in bytes(stored.answer) + bytes(stored.pk) + bytes(stored.request)
    other = App().post("requests", BODY | {"contact": {"email": "bob@example.com"}}, **key)
    assert other.json()["reference"] != first.json()["reference"]
    elsewhere = App()
    elsewhere.client.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert elsewhere.post("requests", BODY, **key).json()["token"] != first.json()["token"]


def test_a_key_that_somebody_else_could_choose_is_ignored_without_a_sign_in():
    key = {"Idempotency_Key": "1111222233334444" * 2}
    assert App().post("requests", BODY, **key).json()["token"] != App().post("requests", BODY, **key).json()["token"]


@pytest.mark.parametrize("role", ["nobody", "person"])
def test_another_reference_or_token_is_answered_as_an_unknown_one(role: str):
    """The matrix of every operation on a request, for all callers except who filed it."""
    mine, other = file(), file(contact={"email": "bob@example.com"})
    caller = registered("DE") if role == "person" else App()
    caller.get(f"requests/{UNKNOWN}")  # the first request of a session notes its use
    for method, end, body in OPERATIONS:
        seen = []
        for reference, token in [
            (UNKNOWN, "x" * 43),
            (UNKNOWN, mine["token"]),
            (mine["reference"], "x" * 43),
            (mine["reference"], other["token"]),
            (mine["reference"], ""),
        ]:
            headers = {"Request_Token": token} if token else {}
            with CaptureQueriesContext(connection) as queries:
                answer = caller.send(method, f"requests/{reference}{end}", body, **headers)
            seen.append((answer.status_code, answer.content, len(queries)))
        assert {one[0] for one in seen} == {404}, (method, end)
        assert len(set(seen)) == 1, (method, end, seen)
    states = RightsRequest.objects.values_list("proof", "closed_at")
    assert set(states) == {("", None)}


def test_each_operation_on_a_request_is_in_that_matrix():
    named = {str(pattern.pattern) for pattern in rest if "<str:reference>" in str(pattern.pattern)}
    assert named == {f"requests/<str:reference>{place}" for _method, place, _body in OPERATIONS}


def test_a_request_of_another_person_is_in_nobody_elses_list():
    app = registered("DE")
    app.post("requests", {"items": [{"right": "access"}]})
    other = registered("FR", username="another_one", phone="+33612345678")
    assert other.get("me/requests").json()["results"] == []
    assert App().get("me/requests").status_code == 401
