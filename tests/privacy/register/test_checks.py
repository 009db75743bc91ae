"""An undeclared column of a person's record fails the system check; so does an undeclared record."""

from unittest.mock import patch

from django.db import models
from django.test.utils import isolate_apps

from privacy.register.checks import every_column_is_declared
from privacy.register.declarations import Record
from privacy.register.register import person_models
from privacy.subjects.models import DataSubject


def test_the_portal_declares_everything():
    assert every_column_is_declared() == []


@isolate_apps("privacy")
def test_a_planted_column_fails_the_check():
    class Diary(models.Model):
        subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")
        entry = models.TextField()
        register = Record()

        class Meta:
            app_label = "privacy"

    with patch("privacy.register.checks.person_models", return_value=[Diary]):
        problems = every_column_is_declared()
    assert [problem.id for problem in problems] == ["privacy.E001"]
    assert "privacy.Diary.entry" in problems[0].msg


@isolate_apps("privacy")
def test_a_planted_record_fails_the_check():
    class Diary(models.Model):
        subject = models.ForeignKey(DataSubject, models.PROTECT, related_name="+")

        class Meta:
            app_label = "privacy"

    with patch("privacy.register.checks.person_models", return_value=[Diary]):
        assert [problem.id for problem in every_column_is_declared()] == ["privacy.E002"]


def test_rows_that_point_at_others_are_erased_first():
    order = person_models()
    for model in order:
        for column in model._meta.concrete_fields:
            target = column.related_model
            if target in order and target is not model:
                assert order.index(model) < order.index(target), f"{model} must go before {target}"
