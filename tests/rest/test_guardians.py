"""A guardian over REST: a link, a short token, their children and no other; every answer is within the schema."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings

from accounts.children import coming_of_age
from accounts.profiles.models import Correction
from accounts.sessions.models import Session
from accounts.users.models import User
from privacy.consent.queries import purposes_in_force
from privacy.erasure.models import ErasureCase
from privacy.guardians import proving
from privacy.guardians.accesses import send_access_links
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.services import refuse
from privacy.notices.models import Notice
from tests.app import App, registered
from tests.children import registered_child
from tests.environment import examples
from tests.factories import make_policy
from tests.guardians import context_of
from tests.rest.test_schema import CHECKS, operations, schema

ADDRESS = "parent@example.com"
OF_A_CHILD = [(path, method, body) for path, method, body in operations() if "{child}" in path]
# What each operation on a child takes; without it, the body would be refused before the child is looked for.
BODIES = {
    "guardian_child_correct": {"name": "Stolen"},
    "guardian_child_switch": {"purpose": "product_news", "on": True},
    "guardian_child_withdraw": {"confirmed": True},
    "guardian_child_cancel": {"confirmed": True},
    "guardian_child_report": {"confirmed": True},
    "guardian_child_invite": {"contact": {"email": "second@example.com"}, "may_give": True},
}


@pytest.fixture(autouse=True)
def _policies():
    make_policy("intl", label="1")


def secret(address: str = ADDRESS) -> str:
    assert App().post("guardians/access", {"email": address}).status_code == 202
    send_access_links()
    return context_of("guardian_link")["read_url"].rstrip("/").rpartition("/")[2]


def guardian(address: str = ADDRESS) -> App:
    """Return the app of a guardian who exchanged their link for a token."""
    app = App()
    answer = app.post("guardians/access/token", {"secret": secret(address)})
    assert (answer.status_code, bool(app.token)) == (200, True)
    return app


def at(child: Guardianship, rest: str = "") -> str:
    return f"guardians/children/{child.pk}{rest}"


def tried(app: App, child: Guardianship) -> list[tuple[int, str]]:
    """Try every operation on a child; return the statuses and codes."""
    found = []
    for path, method, body in OF_A_CHILD:
        sent = BODIES.get(body["operationId"])
        answer = App(app.token).send(method.upper(), path.replace("{child}", str(child.pk)), sent)
        found.append((answer.status_code, answer.json()["code"] if answer.content else ""))
    return found


def test_a_guardian_sees_corrects_copies_and_switches():
    child, app = registered_child(), guardian()
    [shown] = app.get("guardians/children").json()
    assert (shown["id"], shown["name"], shown["of_age_on"]) == (str(child.pk), "mia_child", "2030-05-31")
    assert app.get(at(child)).json()["country"] == "DE"
    answer = app.send("PATCH", at(child), {"name": "Mia Maier"}, if_match=app.get(at(child))["ETag"])
    assert (answer.status_code, answer.json()["name"]) == (200, "Mia Maier")
    assert Correction.objects.get().by == Correction.By.GUARDIAN
    assert app.send("PATCH", at(child), {"name": "Else"}, if_match='"old"').status_code == 412
    assert app.get(at(child, "/copy")).json()["subject"] == str(child.subject_id)
    for on in (True, False):
        answer = app.post(at(child, "/purposes"), {"purpose": "product_news", "on": on})
        assert {one["purpose"]: one["on"] for one in answer.json()}["product_news"] is on
        assert ("product_news" in purposes_in_force(child.subject_id)) is on
    make_policy("intl", label="3", text="More.")
    refused = app.post(at(child, "/purposes"), {"purpose": "product_news", "on": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "child_not_agreed")


@pytest.mark.parametrize("act", ["withdrawal", "cancellation", "report", ""])
def test_a_guardian_ends_the_account(act: str):
    child, app = registered_child(), guardian()
    if act:
        assert app.post(at(child, f"/{act}")).status_code == 422
        assert app.post(at(child, f"/{act}"), {"confirmed": False}).status_code == 422
        assert not ErasureCase.objects.exists()
        assert app.post(at(child, f"/{act}"), {"confirmed": True}).status_code in (200, 204)
    else:
        assert app.send("DELETE", at(child)).status_code == 204
    case = ErasureCase.objects.get()
    assert (case.due_at > case.cancelled_at) is (act == "cancellation")
    assert not User.objects.get().is_active


def test_a_guardian_asks_a_second_one_who_has_the_same_rights_after_the_proof_and_none_after_a_refusal():
    child, app = registered_child(), guardian()
    again = app.post(at(child, "/guardians"), {"contact": {"email": "Parent+1@example.com"}, "may_give": True})
    assert (again.status_code, again.json()["code"]) == (409, "already_guardian")
    own = app.post(at(child, "/guardians"), {"contact": {"phone": "+4915123456789"}, "may_give": True})
    assert (own.status_code, own.json()["code"]) == (409, "address_of_child")
    assert (
        app.post(at(child, "/guardians"), {"contact": {"email": "two@example.com"}, "may_give": False}).status_code
        == 422
    )
    for address in ("two@example.com", "three@example.com"):
        asked = app.post(at(child, "/guardians"), {"contact": {"email": address}, "may_give": True})
        assert asked.status_code == 202, asked.content
    two, three = PendingChild.objects.order_by("asked_at")
    proving.agree_by_link(child=two)
    proving.confirm_document(child=two)
    refuse(child=three)
    joined = Guardianship.objects.exclude(pk=child.pk).get()
    assert guardian("two@example.com").get(at(joined)).status_code == 200
    assert set(tried(guardian("two@example.com"), child)) == {(404, "not_found")}
    App().post("guardians/access", {"email": "three@example.com"})
    assert send_access_links() == 0


def test_a_secret_is_exchanged_once_and_its_token_ends():
    child, found, app = registered_child(), secret(), App()
    assert app.post("guardians/access/token", {"secret": found}).json()["idle_minutes"] == 30
    for wrong in (found, "forged"):
        answer = App().post("guardians/access/token", {"secret": wrong})
        assert (answer.status_code, answer.json()["code"]) == (410, "guardian_link_ended")
    token = app.token
    assert App(token).get(at(child)).status_code == 200
    assert App(token).send("DELETE", "guardians/access").status_code == 204
    answer = App(token).get(at(child))
    assert (answer.status_code, answer.json()["code"]) == (401, "guardian_access_required")
    assert token not in str(list(Session.objects.values_list("session_key", "session_data")))


def test_a_retry_gets_the_same_token():
    found = {"secret": (registered_child(), secret())[1]}
    key = "k" * 20
    first, second = (App().post("guardians/access/token", found, Idempotency_Key=key).json() for _n in range(2))
    assert first == second


def test_signing_out_everywhere_ends_every_token_and_link():
    child = registered_child()
    here, there, unused = guardian(), guardian(), secret()
    assert here.send("DELETE", "guardians/access/all").status_code == 204
    assert {app.get(at(child)).status_code for app in (here, there)} == {401}
    assert App().post("guardians/access/token", {"secret": unused}).status_code == 410


def test_known_and_unknown_addresses_get_the_same_answer():
    registered_child()
    known, unknown = (App().post("guardians/access", {"email": at}) for at in (ADDRESS, "nobody@example.com"))
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert send_access_links() == 1
    assert Notice.objects.filter(template="guardian_link").count() == 1
    assert App().post("guardians/access", {}).status_code == 422


def test_the_matrix_of_guardians_and_children():
    """Every operation on a child, for each caller who is not its guardian now."""
    own = registered_child()
    other = registered_child("other_child", "+4915123456780", "other@example.com")
    assert len(OF_A_CHILD) == 10
    assert set(tried(guardian(), other)) == {(404, "not_found")}
    assert set(tried(App(), other)) == {(401, "guardian_access_required")}
    assert set(tried(registered(phone="+4915123456777"), other)) == {(401, "guardian_access_required")}
    app = guardian()
    for ended_as in ("of_age", "withdrew"):
        ended = {"ended_as": ended_as, "ended_at": timezone.now(), "address": None, "address_index": None}
        Guardianship.objects.filter(pk=own.pk).update(**ended)
        assert set(tried(app, own)) == {(404, "not_found")}
        assert app.get("guardians/children").json() == []
        assert send_access_links() == 0
    assert not ErasureCase.objects.exists()
    assert not purposes_in_force(other.subject_id)
    assert not PendingChild.objects.exists()
    assert not Correction.objects.exists()


def test_a_guardian_whose_child_came_of_age_gets_nothing():
    child = registered_child()
    app, unused = guardian(), secret()
    child.reached_on = timezone.now().date() - dt.timedelta(days=1)
    child.save()
    assert coming_of_age.end_due_guardianships() == 1
    assert set(tried(app, child)) == {(404, "not_found")}
    late = App()
    late.post("guardians/access/token", {"secret": unused})
    assert late.get("guardians/children").json() == []
    App().post("guardians/access", {"email": ADDRESS})
    assert send_access_links() == 0


@pytest.mark.embedded
@schema.include(path_regex="/guardians/(children|access)").parametrize()
@settings(
    max_examples=examples(4, 12),
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_to_a_guardian_leaves_the_schema(case):
    if not hasattr(case.operation, "guardian_for_test"):
        make_policy("intl")
        child = registered_child()
        case.operation.guardian_for_test = guardian().token, str(child.pk)
    token, child = case.operation.guardian_for_test
    if "child" in re.findall(r"{(\w+)}", case.path):
        case.path_parameters["child"] = child
    headers = {"Accept-Encoding": "identity", "Authorization": f"Bearer {token}"}
    answer = case.call_and_validate(headers=headers, checks=CHECKS)
    assert answer.status_code < 500
