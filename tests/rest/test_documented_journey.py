"""The journey of docs/rest.md can be followed: each of its lines is sent as written, in order."""

import json
import re

from django.conf import settings

from tests.app import App
from tests.factories import make_policy
from tests.sign_in_clients import newest_code

LINE = re.compile(r"(GET|POST|PATCH|DELETE) (\S+)(?: (\{.*\}))?")


def documented() -> list[tuple[str, str, str]]:
    """Method, path and body of each line; a body may go on in the next."""
    text = (settings.BASE_DIR / "docs" / "rest.md").read_text()
    block = text.split("## The journey, to copy")[1].split("```")[1]
    lines = [LINE.fullmatch(line) for line in re.sub(r"\n\s+", " ", block).strip().splitlines()]
    assert all(lines), block
    return [(line[1], line[2], line[3] or "") for line in lines if line]


def test_every_line_of_the_documented_journey_is_answered_as_it_says():
    make_policy("intl")
    app, known, journey = App(), {}, documented()
    for method, path, body in journey:
        if "CODE" in body:
            known["CODE"] = newest_code()
        answer = app.send(method, filled(path, known), filled(body, known) or None)
        found = json.loads(answer.content) if answer.content else {}
        if (method, path) == ("POST", "auth/sign-in") and "REFERENCE" in known:
            assert (answer.status_code, found["code"]) == (403, "account_cancelled")
            app.token = found["token"]
        else:
            assert answer.status_code in (200, 201, 202, 204), (method, path, answer.content)
        known |= {name.upper(): found[name] for name in ("digest", "id", "reference") if name in found}
    assert len(journey) == 19
    assert set(known) == {"DIGEST", "CODE", "ID", "REFERENCE"}
    assert app.get("me").json()["company_name"] == "Groß & Söhne"


def filled(text: str, known: dict[str, str]) -> str:
    """The text with what earlier answers gave."""
    return re.sub(r"\b[A-Z]{2,}\b", lambda name: known.get(name[0], name[0]), text)


def test_the_command_line_of_the_documents_registers(client):
    make_policy("intl")
    text = (settings.BASE_DIR / "docs" / "rest.md").read_text()
    body = text.split("curl -sS")[1].split("-d '")[1].split("'\n")[0]
    digest = client.get("/api/v1/policies/current?country=DE").json()["digest"]
    answer = client.post(
        "/api/v1/registrations/individual", body.replace("DIGEST", digest), content_type="application/json"
    )
    assert answer.status_code == 201, answer.content
