"""The system check fails for a person's record without labels, name or section in a copy."""

from unittest.mock import patch

import pytest
from django.db import models
from django.test.utils import isolate_apps

from privacy.encryption.fields import SealedTextField
from privacy.export.checks import every_record_is_in_the_copy
from privacy.export.copy_rows import CopyRows
from privacy.inventory.copy_parts import CopyPart, CopySection, CopySource, CopyValue, NotCopied
from privacy.inventory.declarations import Kind, PersonalField, Record
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject
from tests.declarations import declare

pytestmark = pytest.mark.embedded

MOOD = PersonalField(
    key="mood", label="Mood", kinds=frozenset({Kind.INDIVIDUAL}), purpose="service", why="To know.", without="Nothing."
)
AT = CopyValue("at", "When", column="written_at")
COPIED = CopyValue("mood")


def part(*values: CopyValue, name: str = "diary", **options) -> CopyPart:
    return CopyPart(CopySection.MESSAGES, name, "Diary", CopySource.PERSON, values, **options)


def problems_of(copy, name: str = "Diary") -> list[str]:
    """What the checks find wrong with a model of three columns, of which one is sealed."""

    class Meta:
        app_label = "privacy"

    record = Record(
        retention=RetentionClass.ACCOUNT, plain=dict.fromkeys(("written_at", "draft"), "no value"), copy=copy
    )
    columns = {
        "subject": models.ForeignKey(DataSubject, models.PROTECT, related_name="+"),
        "mood": SealedTextField(MOOD),
        "written_at": models.DateTimeField(),
        "draft": models.BooleanField(),
        "inventory": record,
        "Meta": Meta,
        "__module__": __name__,
    }
    model = type(name, (models.Model,), columns)
    with patch("privacy.export.checks.person_models", return_value=[model]):
        return [problem.id for problem in every_record_is_in_the_copy()]


def test_the_portal_declares_everything():
    assert every_record_is_in_the_copy() == []


@isolate_apps("privacy")
@pytest.mark.parametrize(
    ("copy", "found"),
    [
        (None, ["privacy.E006"]),
        (NotCopied("it is a test"), []),
        (part(AT, COPIED, left_out={"draft": "a state"}), []),
        (part(AT, COPIED), ["privacy.E007"]),
        (part(AT, left_out={"mood": "we would rather not", "draft": "a state"}), ["privacy.E007"]),
        (part(AT, COPIED, left_out={"draft": "a state", "written_at": "twice"}), ["privacy.E007"]),
        (part(AT, COPIED, CopyValue("lost", "Lost"), left_out={"draft": "a state"}), ["privacy.E007"]),
        (part(AT, COPIED, name="privacy.diary", left_out={"draft": "a state"}), ["privacy.E008"]),
        (part(AT, COPIED, CopyValue("at", "Draft", column="draft")), ["privacy.E008"]),
        (part(CopyValue("written_at"), COPIED, left_out={"draft": "a state"}), ["privacy.E009"]),
        (part(AT, COPIED, CopyValue("draft", "Draft", words="unheard_of")), ["privacy.E009"]),
        (part(AT, COPIED, newest="written_at", left_out={"draft": "a state"}), ["privacy.E009"]),
        (part(AT, custom_rows=True), ["privacy.E010"]),
    ],
)  # fmt: skip
def test_a_record_without_words_name_or_section_is_found(copy, found):
    assert problems_of(copy) == found


@isolate_apps("privacy")
def test_two_records_of_one_public_name_are_found():
    class Diary(models.Model):
        subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
        inventory = Record(copy=part())

        class Meta:
            app_label = "privacy"

    class Notebook(models.Model):
        subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
        inventory = Record(copy=part())

        class Meta:
            app_label = "privacy"

    with patch("privacy.export.checks.person_models", return_value=[Diary, Notebook]):
        assert [problem.id for problem in every_record_is_in_the_copy()] == ["privacy.E008"]


@isolate_apps("privacy")
def test_a_record_with_custom_rows_needs_copy_rows():
    class Diary(models.Model):
        subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
        inventory = Record(copy=part(AT, custom_rows=True))

        class Meta:
            app_label = "privacy"

    with patch("privacy.export.checks.person_models", return_value=[Diary]):
        assert [problem.id for problem in every_record_is_in_the_copy()] == ["privacy.E010"]
        with declare(CopyRows(Diary, lambda _subject: [])):
            assert every_record_is_in_the_copy() == []
