"""A copy is a document for people: in words, newest first, one file, in both languages."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.contact_points.models import ContactPoint
from accounts.profiles.models import Correction
from accounts.users.models import User
from privacy.consent.receipts import RIGHTS
from privacy.consent.services import switch_purpose
from privacy.export import processing
from privacy.export.copies import copied_records
from privacy.export.models import DataCopy
from privacy.export.reading import readable
from privacy.export.standalone import as_html
from tests.app import registered
from tests.changes import signed_in_as
from tests.copies import document_of, make_full_person, ready_copy
from tests.factories import make_person, make_policy

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
OF_TABLES = re.compile(
    r"superuser|submission|epoch|hash\b|digest|previous_|fold|_at\b|_by\b|_id\b|is_|accounts\.|privacy\.|\bTrue\b|\bFalse\b|\bNone\b"
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}")
ISO = re.compile(r"\d{4}-\d\d-\d\dT")


class Words(HTMLParser):
    """The words that a reader sees, and every address that a page loads or links to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loaded: list[str] = []
        self.links: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._hidden += tag in ("style", "script", "title")
        self.loaded += [str(given[name]) for name in ("src", "srcset", "data", "poster") if name in given]
        if tag in ("link", "script", "img", "iframe", "base", "object"):
            self.loaded.append(str(given))
        if "href" in given:
            self.links.append(str(given["href"]))

    def handle_endtag(self, tag):
        self._hidden -= tag in ("style", "script", "title")

    def handle_data(self, data):
        if not self._hidden and data.strip():
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.words)


@pytest.fixture
def full_person() -> User:
    make_policy("intl", "2024-05")
    return make_full_person()


def page_of(copy: DataCopy, client: Client, language: str = "en") -> str:
    return client.get(f"/settings/privacy/copy/{copy.pk}/", headers={"Accept-Language": language}).content.decode()


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
    seen = Words(as_html(document_of(full_person.subject)))
    assert seen.loaded == []
    assert [link for link in seen.links if not link.startswith(("#", "https://portal.example", "mailto:"))] == []
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


def test_pages_show_and_give_the_file(full_person):
    client = signed_in_as(full_person)
    copy = ready_copy(full_person.subject)
    page = page_of(copy, client)
    assert "How we use your data, and your rights" in page
    assert Words(page).text.index("Who you are") < Words(page).text.index("What you agreed to")
    answer = client.get(f"/settings/privacy/copy/{copy.pk}/my-data.html")
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="my-data-\d{4}-\d\d-\d\d\.html"', answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.decode().startswith("<!doctype html>")


def test_only_the_owner_gets_the_file_after_a_fresh_sign_in(full_person, settings):
    copy = ready_copy(full_person.subject)
    address = f"/settings/privacy/copy/{copy.pk}/my-data.html"
    assert Client().get(address).status_code == 302
    other = signed_in_as(make_person(phone="+38164999998"))
    assert other.get(address).status_code == 404
    owner = signed_in_as(full_person)
    assert owner.get(address).status_code == 200
    settings.FRESH_SIGN_IN = settings.FRESH_SIGN_IN * 0
    assert owner.get(address)["Location"].startswith("/sign-in/again/")


def test_an_app_gets_the_page_in_its_language_and_its_persons_zone():
    make_policy("intl")
    app = registered()
    subject = User.objects.get().subject
    copy = ready_copy(subject)
    app.language = "zh-Hans"
    answer = app.get(f"me/copies/{copy.pk}/page", accept="text/html")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<html lang="zh-hans">' in answer.content.decode()
    assert app.get(f"me/copies/{copy.pk}/page").status_code == 200
    missing = app.get(f"me/copies/{subject.pk}/page", accept="text/html")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


def test_a_copy_of_the_former_format_is_downloaded_and_not_shown(full_person):
    client = signed_in_as(full_person)
    copy = ready_copy(full_person.subject)
    copy.document = json.dumps({"made_at": "2026-01-01T00:00:00+00:00", "held": {}, "fields": {}, "consents": []})
    copy.save()
    assert "created before an update" in page_of(copy, client)
    page = f"/settings/privacy/copy/{copy.pk}/"
    assert client.get(f"{page}my-data.html")["Location"] == page
    assert client.get(f"/settings/privacy/copy/{copy.pk}/my-data.json").json()["held"] == {}


def test_codes_that_no_release_knows_any_more_stay_as_they_are(full_person):
    document = document_of(full_person.subject)
    document["records"]["security_events"][0]["event"] = "gone"
    document["records"]["consents"][0] |= {"purposes_on": ["gone"], "language": "xx", "policy_jurisdiction": "gone"}
    document["records"]["cancellations"][0]["ground"] = "9.9"
    document["processing"]["periods"].append({"data": "gone", "label": "x", "period": "ten years"})
    document["processing"]["rights"].append({"right": "gone", "label": "x", "how": "x"})
    seen = as_html(document)
    assert seen.count("gone") >= 4
    assert "9.9" in seen
    assert "ten years" in seen.lower()


def test_more_answers_take_no_more_queries(full_person):
    document_of(full_person.subject)  # a version's clauses are read once
    with CaptureQueriesContext(connection) as few:
        document_of(full_person.subject)
    for _time in range(3):
        for on in (True, False):
            switch_purpose(subject=full_person.subject, key="product_news", on=on, channel="web")
    with CaptureQueriesContext(connection) as many:
        consents = document_of(full_person.subject)["records"]["consents"]
    assert len(consents) == 10
    assert len(many) == len(few)
