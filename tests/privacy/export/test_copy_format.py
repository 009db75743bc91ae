"""The names in the JSON of a copy never change: documented, versioned, and independent of model names."""

import json
import re
from pathlib import Path
from unittest.mock import patch

import jsonschema
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models.options import Options
from django.utils import translation

from privacy.export.copies import FORMAT, copied_records
from privacy.export.schema import copy_schema
from privacy.inventory.copy_parts import CopyPart, NotCopied
from privacy.inventory.queries import declared_records, person_models
from tests.copies import document_of, make_full_person
from tests.factories import make_policy

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
STORED = settings.BASE_DIR / "docs" / "copy.schema.json"
PAGE = settings.BASE_DIR / "docs" / "copy.md"
ROW = re.compile(r"\| [\w ]+ \| `\w+` \| `")
OF_MODELS = re.compile(r"^(accounts|privacy|mfa|admin)\.")


def keys_in(content):
    """Every member's name, at whatever depth."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from keys_in(value)
    elif isinstance(content, list):
        for value in content:
            yield from keys_in(value)


def strings_in(content):
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        for value in content:
            yield from strings_in(value)
    elif isinstance(content, str):
        yield content


@pytest.fixture
def document():
    make_policy("intl", "2024-05")
    return document_of(make_full_person().subject)


def test_a_full_copy_follows_the_schema_and_has_nothing_beside_it(document):
    schema = copy_schema()
    jsonschema.validate(document, schema, format_checker=jsonschema.FormatChecker())
    assert document.keys() == schema["properties"].keys()
    described = schema["properties"]["records"]["properties"]
    assert document["records"].keys() == described.keys()
    for name, rows in document["records"].items():
        for row in rows:
            assert row.keys() == described[name]["items"]["properties"].keys(), name


def test_no_name_and_no_value_is_a_models(document):
    del document["consent_receipts"]
    models = {model._meta.label_lower for model in person_models()}
    assert not models & set(keys_in(document))
    assert [content for content in strings_in(document) if OF_MODELS.match(content)] == []


def test_the_names_stay_when_every_model_is_renamed(document):
    with (
        patch.object(Options, "label_lower", property(lambda _self: "renamed.model")),
        patch.object(Options, "label", property(lambda _self: "renamed.Model")),
    ):
        renamed = {part.name for _model, _record, part in copied_records()}
        schema = copy_schema()
    assert renamed == document["records"].keys() == schema["properties"]["records"]["properties"].keys()


def test_the_stored_schema_is_the_one_that_is_served(client, settings):
    """A change of the schema affects every program that reads copies: read docs/copy.md before storing another one."""
    settings.SITE_URL = "http://127.0.0.1:8000"
    with translation.override("en"):
        present = copy_schema()
    is_stored = json.loads(STORED.read_text()) == json.loads(json.dumps(present))
    assert is_stored, (
        "Run `make generate`: it writes docs/copy.schema.json. First read what docs/copy.md says of names."
    )
    assert client.get("/copy.schema.json").json()["properties"]["format"] == {"const": FORMAT}


def test_the_command_writes_the_schema_in_english(tmp_path: Path):
    with translation.override("zh-hans"):
        call_command("write_copy_schema", "--to", str(tmp_path / "schema.json"))
    written = (tmp_path / "schema.json").read_text()
    with translation.override("en"):
        assert json.loads(written) == json.loads(json.dumps(copy_schema()))
    assert written.endswith("}\n")


def test_the_page_names_every_kind_of_record_and_every_one_that_is_left_out():
    page = PAGE.read_text()
    expected = sorted(row_of(part) for _model, _record, part in copied_records())
    found = sorted(row for row in page.splitlines() if row.endswith(" |") and ROW.match(row))
    missing = [row for row in expected if row not in found]
    assert missing == [], "Write these rows into the table of docs/copy.md:\n" + "\n".join(missing)
    gone = [row for row in found if row not in expected]
    assert gone == [], "Remove these rows from the table of docs/copy.md:\n" + "\n".join(gone)
    reasons = [record.copy.reason for _model, record in declared_records() if isinstance(record.copy, NotCopied)]
    reasons += [reason for _model, _record, part in copied_records() for reason in part.left_out.values()]
    unsaid = sorted({reason for reason in reasons if reason not in page})
    assert unsaid == [], "Write these reasons under `What is left out` of docs/copy.md:\n" + "\n".join(unsaid)


def row_of(part: CopyPart) -> str:
    """The row of the page that describes a part: its section, its public name and its values."""
    values = ", ".join(f"`{value.name}`{'' if value.for_people else '*'}" for value in part.values)
    return f"| {part.section.label} | `{part.name}` | {values} |"


def test_every_record_of_a_person_has_a_name_and_a_section_or_a_reason():
    for model, record in declared_records():
        assert isinstance(record.copy, CopyPart | NotCopied), model
    names = [part.name for _model, _record, part in copied_records()]
    assert len(names) == len(set(names))
