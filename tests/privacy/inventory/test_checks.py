"""The system check fails for an undeclared column of a person's record, and for an undeclared record."""

from unittest.mock import patch

import pytest
from django.db import models
from django.test.utils import isolate_apps

from accounts.contact_points.models import ContactPoint
from privacy.inventory.checks import every_column_is_declared, every_record_has_a_retention_class
from privacy.inventory.data_stores import DataStore
from privacy.inventory.declarations import Record
from privacy.inventory.queries import person_models
from privacy.inventory.retention_classes import RetentionClass
from privacy.subjects.models import DataSubject
from tests.declarations import declare

pytestmark = pytest.mark.embedded


def test_the_portal_declares_everything():
    assert every_column_is_declared() + every_record_has_a_retention_class() == []


@isolate_apps("privacy")
def test_a_planted_column_fails_the_check():
    class Diary(models.Model):
        subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
        entry = models.TextField()
        inventory = Record()

        class Meta:
            app_label = "privacy"

    with patch("privacy.inventory.checks.person_models", return_value=[Diary]):
        problems = every_column_is_declared()
    assert [problem.id for problem in problems] == ["privacy.E001"]
    assert "privacy.Diary.entry" in problems[0].msg


@isolate_apps("privacy")
def test_a_planted_record_fails_the_check():
    class Diary(models.Model):
        subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")

        class Meta:
            app_label = "privacy"

    with patch("privacy.inventory.checks.person_models", return_value=[Diary]):
        assert [problem.id for problem in every_column_is_declared()] == ["privacy.E002"]


def test_rows_that_point_at_others_are_erased_first():
    order = person_models()
    for model in order:
        for column in model._meta.concrete_fields:
            target = column.related_model
            if target in order and target is not model:
                assert order.index(model) < order.index(target), f"{model} must go before {target}"


def planted(register: Record | None):
    """A model with a subject and one column, which declares `register`."""

    class Diary(models.Model):
        subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
        written_at = models.DateTimeField()

        class Meta:
            app_label = "privacy"

    if register:
        Diary.inventory = register
    return Diary


@isolate_apps("privacy")
@pytest.mark.parametrize(
    ("register", "problem"),
    [
        (Record(plain={"written_at": "a time"}), "privacy.E003"),
        (Record(plain={"written_at": "a time"}, retention=RetentionClass.SECURITY), "privacy.E004"),
    ],
)
def test_a_record_without_a_retention_class_fails_the_check(register: Record, problem: str):
    with patch("privacy.inventory.checks.person_models", return_value=[planted(register)]):
        problems = every_record_has_a_retention_class()
    assert [found.id for found in problems] == [problem]


@isolate_apps("privacy")
def test_a_record_that_points_at_one_of_another_class_fails_the_check():
    class Note(models.Model):
        contact = models.ForeignKey(ContactPoint, models.CASCADE, related_name="+")
        inventory = Record(subject="contact__subject", retention=RetentionClass.ACCOUNT)

        class Meta:
            app_label = "privacy"

    with patch("privacy.inventory.checks.person_models", return_value=[Note, ContactPoint]):
        assert [found.id for found in every_record_has_a_retention_class()] == ["privacy.E005"]


def test_a_data_store_without_a_retention_class_fails_the_check():
    class Shelf(DataStore):
        name = "a shelf"

    with declare(Shelf()):
        problems = every_record_has_a_retention_class()
    assert [found.id for found in problems] == ["privacy.E003"]
    assert "a shelf" in problems[0].msg
