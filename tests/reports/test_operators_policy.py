"""The operator's own policy, in both variants, from import to the gate: every clause that a receipt names says it."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.users.models import User
from privacy.consent.models import ConsentRecord
from privacy.erasure.models import ErasureCase
from privacy.policies.models import Clause, PolicyVersion
from tests.accounts.registration.test_registering import ENTERPRISE, INDIVIDUAL, send
from tests.copies import ready_copy
from tests.environment import SHARED
from tests.erasures import erase, held
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.shared, pytest.mark.django_db, pytest.mark.embedded]
SEED = SHARED / "seed" / "000_482bac71d3e5d939.txt"
# Which words of the text state a purpose; None: the text does not state it.
STATED = {
    "service": r"provide (device access|other services)",
    "security": r"security of our technical data system|illegal activities and fraud",
    "messages": r"contact you to resolve an issue",
    "support": r"contact you to resolve an issue",
    "agreed": r"other uses with your con",
    "user_experience": r"user experience programs",
    **dict.fromkeys(("law", "verification", "improvement", "product_news")),
}
VARIANTS = pytest.mark.parametrize(
    ("variant", "jurisdiction", "kind", "data"),
    [("1", "cn", "enterprise", ENTERPRISE), ("2", "intl", "individual", INDIVIDUAL)],
)


def publish(file: Path, jurisdiction: str, label: str, *more: str) -> PolicyVersion:
    arguments = [str(file), "--jurisdiction", jurisdiction, "--version", label, "--language", "en", *more]
    call_command("import_policy", *arguments, "--publish", "--yes", stdout=StringIO())
    return PolicyVersion.objects.get(jurisdiction=jurisdiction, label=label)


def register(kind: str, data: dict[str, Any]) -> User:
    client = Client()
    purposes = {"purposes": ["user_experience", "product_news"]}
    assert send(client, kind, data | purposes).status_code == 302
    user = User.objects.get(username_index=data["username"])
    User.objects.filter(pk=user.pk).update(verified_at=timezone.now())
    return User.objects.get(pk=user.pk)


def says(version: PolicyVersion, cited: str, pattern: str) -> bool:
    texts = Clause.objects.filter(version=version, number__in=cited.split(", ")).values_list("text", flat=True)
    assert len(texts) == len(cited.split(", ")), cited
    return all(re.search(pattern, text, re.IGNORECASE) for text in texts)


def check(receipt: dict[str, Any], version: PolicyVersion) -> None:
    assert receipt["pii_processing"]["privacy_notice_version"] == version.label
    for purpose in receipt["pii_processing"]["purposes"]:
        pattern = STATED[purpose["purpose_type"]]
        assert (purpose["clause"] is None) == (pattern is None), purpose
        assert pattern is None or says(version, purpose["clause"], pattern), purpose


@VARIANTS
def test_every_clause_of_a_receipt_says_what_it_is_named_for(
    variant: str, jurisdiction: str, kind: str, data: dict[str, Any], tmp_path: Path
):
    first = publish(SEED, jurisdiction, "2022-07", "--variant", variant)
    user = register(kind, data)
    browser = client_of(user)
    record = ConsentRecord.objects.get(subject_id=user.subject_id)
    check(browser.get(f"/settings/privacy/receipts/{record.pk}.json").json(), first)

    browser.post("/settings/privacy/purposes/user_experience/", {"on": "no"})
    withdrawn = ConsentRecord.objects.filter(act="withdrew").get()
    receipt = browser.get(f"/settings/privacy/receipts/{withdrawn.pk}.json").json()
    check(receipt, first)
    assert receipt["event"][0]["purposes"] == ["user_experience"]

    # A later version that moves its list of purposes: each receipt names the clause of its own version.
    moved = SEED.read_text(encoding="utf-8").replace("2.2.7", "2.2.9").replace("2.2.1 ", "2.2.7 ")
    file = tmp_path / "later.txt"
    file.write_text(moved.replace("2.2.9", "2.2.1 "), encoding="utf-8")
    later = publish(file, jurisdiction, "2023-01", "--variant", variant)
    gate = browser.get("/settings/privacy/changes/").content.decode()
    assert "2023-01" in gate
    agreed = {"agreed": "on", "policy": later.digest, "language": "en", "purposes": ["product_news"]}
    assert browser.post("/settings/privacy/changes/", agreed).status_code == 302
    receipts = json.loads(str(ready_copy(user.subject).document))["consent_receipts"]
    by_label = {"2022-07": first, "2023-01": later}
    assert len(receipts) == 3
    for receipt in receipts:
        check(receipt, by_label[receipt["pii_processing"]["privacy_notice_version"]])
    named = [
        {p["purpose_type"]: p["clause"] for p in receipt["pii_processing"]["purposes"]}["messages"]
        for receipt in receipts
    ]
    assert sorted(named) == ["2.2.1", "2.2.7", "2.2.7"]


@VARIANTS
def test_what_is_kept_and_why_it_is_erased_names_the_clause_of_that_text(
    variant: str, jurisdiction: str, kind: str, data: dict[str, Any]
):
    version = publish(SEED, jurisdiction, "2022-07", "--variant", variant)
    user = register(kind, data)
    held(user, "contact")
    browser = Client()
    browser.post("/sign-in/", {"login": data["username"], "password": data["password"]})
    page = browser.get("/settings/cancel/").content.decode()
    (clause,) = re.findall(r"policy clause ([\d.]+)", page)
    assert says(version, clause, "judicial or administrative enforcement")
    case = erase(user)
    for ground, pattern in (("6.3.4", "do not need"), ("6.3.5", None), ("6.3.1", "violates laws")):
        ErasureCase.objects.filter(pk=case.pk).update(ground=ground)
        answer = Client().get(f"/api/v1/receipts/{case.reference}").json()
        assert (answer["clause"] is None) == (pattern is None), answer["clause"]
        assert pattern is None or says(version, answer["clause"], pattern)


@VARIANTS
def test_what_we_collect_names_the_clauses_of_that_text(
    variant: str, jurisdiction: str, kind: str, data: dict[str, Any], client: Client
):
    publish(SEED, jurisdiction, "2022-07", "--variant", variant)
    page = client.get(f"/policies/{jurisdiction}/").content.decode()
    rows = [re.sub("<[^>]+>", "", cell) for cell in re.findall(r'<th [^>]*scope="row">(.*?)</th>', page)]
    assert {"Phone number (1.1.1 and 1.1.2)", "Business area (1.1.2)", "E-mail"} <= set(rows)
