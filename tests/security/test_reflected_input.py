"""An answer never repeats more than a little of what was sent, and what no encoding can carry is refused."""

import pytest

from tests.app import App, registered
from tests.factories import make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policy() -> None:
    make_policy("intl")


SENT = {
    "unknown members": {f"member{number}": 1 for number in range(15_000)},
    "a long name": {"x" * 200_000: 1},
    "long names": {f"{number:05}" + "x" * 3000: 1 for number in range(80)},
}


@pytest.mark.parametrize("body", SENT.values(), ids=SENT)
def test_an_answer_with_many_unknown_fields_is_small(body: dict[str, int]) -> None:
    answer = App().post("auth/sign-in", body)
    assert answer.status_code == 422
    assert len(answer.content) < 20_000
    assert len(answer.json()["errors"]) <= 50


@pytest.mark.parametrize(
    "values",
    [{"purposes": ["x" * 30] * 5000}, {"phone": "y" * 9999}, {"time_zone": "z" * 200_000}],
    ids=["purposes", "phone", "time zone"],
)
def test_a_refused_value_is_not_repeated_at_length(values: dict[str, object]) -> None:
    answer = App().register("DE", **values)
    assert answer.status_code == 422
    assert len(answer.content) < 20_000


def test_a_long_list_is_refused_before_it_is_looked_at() -> None:
    answer = App().register("DE", purposes=[f"purpose{number}" for number in range(15_000)])
    assert answer.status_code == 422
    assert len(answer.content) < 1000


@pytest.mark.parametrize(
    "text", ['{"\\ud800":1}', '{"name":"\\uDFFF"}', '{"a":[{"b":"x\\ud83dy"}]}', '{"a":"\\ude00\\ud83d"}']
)
def test_half_a_character_is_refused_in_every_field(text: str) -> None:
    person = registered()
    for app, method, path in (
        (person, "PATCH", "me"),
        (App(), "POST", "registrations/individual"),
        (App(), "POST", "auth/sign-in"),
    ):
        answer = app.send(method, path, text, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_json")


def test_a_whole_character_in_two_escapes_is_text() -> None:
    app = registered()
    answer = app.send("PATCH", "me", '{"company_name":"\\ud83d\\ude00 GmbH"}', content_type="application/json")
    assert answer.status_code == 200
    assert app.get("me").json()["company_name"] == "\U0001f600 GmbH"
