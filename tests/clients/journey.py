"""The whole journey of an app, through a Python client generated from the schema."""

import json
import sys
import time
import uuid
from pathlib import Path

import portal_client
import pytest
from portal_client import rest

SITE, OUTBOX = sys.argv[1], Path(sys.argv[2])
PHONE, PASSWORD = "+4915123000002", "Lantern-Quartz-Orbit-51"

settings = portal_client.Configuration(host=SITE)
client = portal_client.ApiClient(settings)
me = portal_client.MeApi(client)
policies = portal_client.PoliciesApi(client)
registration = portal_client.RegistrationApi(client)
signing_in = portal_client.SigningInApi(client)


def newest_code() -> str:
    for _ in range(300):
        messages = [json.loads(path.read_text()) for path in sorted(OUTBOX.glob("*.json"))]
        codes = [message["code"] for message in messages if message["to"] == PHONE and "code" in message]
        if codes:
            return str(codes[-1])
        time.sleep(0.1)
    raise AssertionError("No code came.")


policy = policies.policy_current("DE")
assert "phone" in {field.key for field in registration.fields("individual", country="DE").fields}
person = portal_client.IndividualRegistrationRequest(
    name="Pyt Hon",
    username="generated_person",
    password=PASSWORD,
    phone=PHONE,
    country="DE",
    consent=portal_client.ConsentGivenRequest(
        policy=policy.digest,
        language=policy.language,
        agreed=True,
        birth_month=portal_client.BirthMonthRequest(year=1990, month=5),
    ),
)
key = str(uuid.uuid4())
begun = registration.register_individual(person, idempotency_key=key)
assert registration.register_individual(person, idempotency_key=key).token == begun.token
settings.access_token = begun.token
settings.access_token = signing_in.auth_verify(portal_client.CodeGivenRequest(code=newest_code())).token
assert me.me().username == "generated_person"
correction = portal_client.PatchedProfileCorrectionRequest(company_name="Generated Ltd")
assert me.me_correct(patched_profile_correction_request=correction).company_name == "Generated Ltd"
change = portal_client.ConsentChangeRequest(act="granted", purpose="product_news")
assert me.consents_add(change).purposes == ["product_news"]
assert [row.act for row in me.consents_list().results] == ["granted", "registered"]
reference = me.cancellation_add(portal_client.ConfirmationRequest(confirmed=True)).reference
with pytest.raises(rest.ApiException) as ended:
    me.me()
assert ended.value.status == 401
assert portal_client.ReceiptsApi(client).receipt(reference).state == "cooling_off"
sys.stdout.write("journey done\n")
