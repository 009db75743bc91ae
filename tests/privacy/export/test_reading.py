"""A copy is a document for people: in words, newest first, one file, in both languages."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.contact_points.models import ContactPoint
from accounts.profiles.models import Correction
from privacy.export import processing
from privacy.export.copies import copied_records
from privacy.export.reading import readable
from privacy.export.standalone import as_html
from privacy.inventory.rights import RIGHTS
from tests.copies import document_of
from tests.factories import make_person, make_policy
from tests.privacy.export.pages import Words

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
OF_TABLES = re.compile(
    r"superuser|submission|epoch|hash\b|digest|previous_|fold|_at\b|_by\b|_id\b|is_|accounts\.|privacy\.|\bTrue\b|\bFalse\b|\bNone\b"
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")
ISO = re.compile(r"\d{4}-\d\d-\d\dT")


def sections_of(document):
    return {section.name: section for section in readable(document).sections}


def part_of(document, section, title):
    return next(part for part in sections_of(document)[section].parts if part.title == title)


def test_there_is_a_record_of_every_kind_in_the_full_copy(full_person):
    records = document_of(full_person.subject)["records"]
    assert [name for name, rows in records.items() if not rows] == []
    assert set(records) == {part.name for _model, _record, part in copied_records()}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_column_of_a_table_no_row_number_and_no_iso_time_is_read(full_person, language):
    document = document_of(full_person.subject)
    with translation.override(language):
        seen = Words(as_html(document)).text
    assert [line for line in seen.splitlines() if OF_TABLES.search(line) or UUID.search(line) or ISO.search(line)] == []


def test_the_chinese_document_has_no_english_words_of_ours(full_person):
    document = document_of(full_person.subject)
    with translation.override("zh-hans"):
        page = as_html(document)
        labels = re.findall(r"<(?:h1|h2|h3|dt|th)[^>]*>([^<]+)<", page)
    names = ("Device platform",)
    assert [label for label in labels if re.search(r"[A-Za-z]{2}", label) and label not in names] == []
    assert "您的个人信息" in page


def test_sections_come_in_the_order_in_which_people_read_them(full_person):
    names = [section.name for section in readable(document_of(full_person.subject)).sections]
    assert names == [
        *("who_you_are", "contact", "sign_in", "consent", "received", "changed"),
        *("security", "messages", "requests", "legal_holds", "staff"),
    ]


def test_what_is_not_held_is_named_once_and_staff_matters_to_staff_alone():
    make_policy("intl")
    document = readable(document_of(make_person().subject))
    assert "staff" not in document.empty
    assert "What was changed" in document.empty
    assert "staff" not in {section.name for section in document.sections}


def test_the_newest_comes_first_everywhere(full_person):
    parts = [
        (part.newest, document_of(full_person.subject)["records"][part.name])
        for _model, _record, part in copied_records()
        if part.newest
    ]
    for newest, rows in parts:
        times = [row[newest] for row in rows]
        assert times == sorted(times, reverse=True)
    assert max(len(rows) for _newest, rows in parts) > 2


def test_consents_are_shown_by_version_and_purpose(full_person):
    part = part_of(document_of(full_person.subject), "consent", "Your answers to our privacy policy")
    newest = {said.label: said.text for said in part.rows[0]}
    assert newest["Turned off"] == "Product news"
    assert newest["Optional uses on from then"] == "User experience programme"
    assert newest["Policy version"] == "2024-05"
    assert newest["Region"] == "Outside mainland China"
    assert {row[part.labels.index("How")].text for row in part.rows} == {"Web page"}


def test_choices_times_and_keys_are_words(full_person, client):
    contact = ContactPoint.objects.get(subject=full_person.subject)
    document = document_of(full_person.subject)
    pairs = {
        (said.label, said.text)
        for section in readable(document).sections
        for part in section.parts
        for row in part.rows
        for said in row
    }
    assert {
        ("Country or region", "Serbia"),
        ("By whom", "Staff, on request"),
        ("What", "Company name"),
        ("What", "Phone number"),
        ("Registered as", "Individual"),
        ("About", "The copy of your data is ready"),
        ("Why", "You cancelled the account"),
        ("Recipient", "Device platform"),
        ("What was corrected", "Company name"),
        ("Former username", "maria_before"),
        ("Verified on", date_format(localtime(contact.verified_at), "DATETIME_FORMAT")),
    } <= pairs
    assert document["records"]["profile"][0]["country"] == "RS"


def test_times_are_in_the_persons_zone_in_the_file_and_it_names_the_zone(full_person):
    document = document_of(full_person.subject)
    at = Correction.objects.filter(subject=full_person.subject).order_by("-at").first().at
    seen = as_html(document)
    assert date_format(localtime(at, ZoneInfo("Asia/Shanghai")), "DATETIME_FORMAT") in seen
    assert "Asia/Shanghai" in seen


def test_what_a_person_typed_is_text_and_never_markup(full_person):
    page = as_html(document_of(full_person.subject))
    assert "Quill &amp; &lt;Söhne&gt;" in page
    assert "<Söhne>" not in page


def test_the_file_loads_nothing_and_every_link_is_whole(full_person, settings):
    settings.SITE_URL = "https://portal.example"
    document = document_of(full_person.subject)
    seen = Words(as_html(document))
    assert seen.loaded == []
    elsewhere = [link for link in seen.links if not link.startswith(("#", "https://portal.example", "mailto:"))]
    assert elsewhere == [document["processing"]["authority_page"]]
    page = as_html(document_of(full_person.subject))
    assert "url(" not in page
    assert "@import" not in page
    assert "</style>" in page


def test_every_part_of_article_15_is_in_a_copy(full_person):
    document = document_of(full_person.subject)
    facts = document["processing"]
    purposes = {row["purpose"]: row["label"] for row in facts["purposes"]}
    assert purposes["service"] == "Providing the service"
    assert purposes["user_experience"] == "User experience programme"
    assert facts["recipients"] == [{"name": "Device platform", "data": ["account", "contact"]}]
    assert {row["data"] for row in facts["periods"]} >= {"account", "security", "messages"}
    assert all(row["period"] for row in facts["periods"])
    assert [row["right"] for row in facts["rights"]] == list(RIGHTS)
    assert all(row["label"] != row["right"] and row["how"] for row in facts["rights"])
    assert facts["controller"]["email"] in as_html(document)
    assert facts["stored_in"] == "DE"
    assert {part.source for section in readable(document).sections for part in section.parts} == {
        "you", "your use of this portal", "our staff", "records that this portal makes",
    }  # fmt: skip


def test_a_copy_states_automatic_cancellation_if_it_is_on(settings):
    settings.UNUSED_AFTER = None
    assert "no decision" in processing._automated_decisions()
    settings.UNUSED_AFTER = timedelta(days=730)
    assert "730 days" in processing._automated_decisions()


def test_a_copy_made_in_one_language_is_read_in_another(full_person):
    document = document_of(full_person.subject)
    with translation.override("zh-hans"):
        copy = readable(document)
    assert copy.processing["periods"][0]["label"] != document["processing"]["periods"][0]["label"]
    assert document["language"] == "en"
