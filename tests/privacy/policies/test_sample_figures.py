"""The figures in the sample policies are the portal's defaults; a warning names settings that differ."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from privacy.inventory.retention_classes import RETENTION, RetentionClass, words_of
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.management.commands.publish_sample_policies import SAMPLES
from privacy.policies.sample_figures import figures, other_figures
from tests.factories import make_policy

FILES = sorted(SAMPLES.glob("*.md"))
# The only figure without a setting: by how much an answer may be extended, after a notice (9.2).
EXTENSION = {"45 days", "45天"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_figure_of_a_sample_is_what_the_portal_does_by_default(file: Path):
    jurisdiction, text = get_jurisdiction(file.name.split(".")[0]), file.read_text()
    assert list(other_figures(text, jurisdiction)) == []
    english = {"180 days", "7 days", "24 hours", "15 days"}
    chinese = {"180天", "7天", "24小时", "15天"}
    if jurisdiction.code == "cn":  # elsewhere countries have different ages, and the text names none
        english, chinese = english | {"younger than 14"}, chinese | {"14周岁"}
    assert figures(text) - EXTENSION == (chinese if ".zh-" in file.name else english)


def test_a_text_that_names_an_age_is_compared_with_the_highest_of_its_countries():
    for text in ("If you are younger than 13, ask.", "未满13周岁"):
        [line] = other_figures(text, get_jurisdiction("intl"))
        assert line.endswith("and COUNTRIES_FILE makes that 16")
    assert list(other_figures("If you are younger than 16, ask.", get_jurisdiction("intl"))) == []


def test_security_events_are_kept_as_long_as_the_samples_say():
    assert RETENTION[RetentionClass.SECURITY].period == timedelta(days=180)
    assert words_of(RetentionClass.SECURITY) == "180 days"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_figure_that_is_set_otherwise_is_found(settings, file: Path):
    settings.RETENTION_OVERRIDES = {"security": timedelta(days=90)}
    settings.COOLING_OFF, settings.ERASE_WITHIN = timedelta(days=3), timedelta(hours=36)
    found = list(other_figures(file.read_text(), get_jurisdiction(file.name.split(".")[0])))
    assert [line.partition(", and ")[2] for line in found] == [
        "RETENTION makes that 90",
        "COOLING_OFF makes that 3",
        "ERASE_WITHIN makes that 36",
    ]


def test_publishing_the_samples_says_where_the_portal_does_otherwise(settings):
    settings.COOLING_OFF = timedelta(days=3)
    for _ in range(2):
        errors = StringIO()
        call_command("publish_sample_policies", stdout=StringIO(), stderr=errors)
        assert errors.getvalue().count("COOLING_OFF makes that 3: publish your own policy.") == len(FILES)


def test_an_operator_with_their_own_policy_gets_no_warning(settings):
    settings.COOLING_OFF = timedelta(days=3)
    for jurisdiction in ("cn", "intl"):
        make_policy(jurisdiction)
    errors = StringIO()
    call_command("publish_sample_policies", stdout=StringIO(), stderr=errors)
    assert errors.getvalue() == ""


def test_the_page_of_security_events_says_how_long_they_are_kept(signed_in: Client, settings):
    assert "We keep this list for 180 days" in signed_in.get("/settings/security/events/").content.decode()
    settings.RETENTION_OVERRIDES = {"security": timedelta(days=30)}
    assert "We keep this list for 30 days" in signed_in.get("/settings/security/events/").content.decode()
