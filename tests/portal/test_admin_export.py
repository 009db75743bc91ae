"""Lists of the admin are filtered by date and downloaded: recorded first, masked, without formulas, by role."""

import csv
import datetime as dt
import io
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import format_html

from accounts.tries.limits import LIMITS
from portal.web.admin_export import CHUNK
from portal.web.csv_files import cell, lines_of
from privacy.access.models import AccessRecord, ListExport
from privacy.access.services import record_access
from privacy.erasure.services import cancel_account
from privacy.holds.models import LegalHold
from privacy.holds.services import ask_for_hold
from privacy.operations.roles import ROLES
from tests.chains import chain_errors
from tests.factories import make_person, make_staff, make_subject
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
HOLDS, CASES, ACCESSES = (f"/admin/privacy/{name}/export/" for name in ("legalhold", "erasurecase", "accessrecord"))


@pytest.fixture
def auditor() -> Client:
    return client_of(make_staff("Auditor", "Privacy officer"))


def rows_of(answer: HttpResponse) -> list[dict[str, str]]:
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def hold(legal_basis: str = "Law 87/2018 art. 3") -> LegalHold:
    return ask_for_hold(
        subject=make_person().subject, exception="1.7.3", legal_basis=legal_basis, classes=["contact"],
        until=timezone.now() + dt.timedelta(days=30), by=uuid4(),
    )  # fmt: skip


def accesses(count: int, at: dt.datetime | None = None) -> None:
    subject = make_subject()
    for _ in range(count):
        record = record_access(subject=subject, staff=uuid4(), role="Support", act="opened", reason="law")
    if at:
        record.at = at


@pytest.mark.embedded
def test_a_download_has_the_columns_and_rows_of_its_list(auditor: Client):
    kept = hold()
    answer = auditor.post(HOLDS)
    assert answer["Content-Type"] == "text/csv"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == f'attachment; filename="legalhold-{timezone.localdate()}.csv"'
    [row] = rows_of(answer)
    assert list(row) == ["exception", "person", "state", "until", "legal basis", "requested by", "decided by"]
    assert row["person"] == str(kept.subject_id)
    assert row["state"] == "Requested"
    assert row["requested by"].startswith("former member of staff")
    assert row["until"] == kept.until.isoformat(sep=" ", timespec="seconds")


def test_a_download_is_recorded_before_a_row_leaves(auditor: Client):
    hold()
    answer = auditor.post(f"{HOLDS}?state__exact=asked&q={uuid4()}")
    record = ListExport.objects.get()
    assert (record.listed, record.rows, record.role) == ("privacy.legalhold", 0, "Auditor, Privacy officer")
    assert record.filters == {"state__exact": "asked", "q": "number"}
    assert rows_of(answer) == []
    auditor.post(HOLDS)
    assert list(ListExport.objects.order_by("position").values_list("rows", flat=True)) == [0, 1]
    assert list(chain_errors(ListExport)) == []


@pytest.mark.embedded
def test_no_search_text_and_no_other_text_of_an_address_is_recorded(auditor: Client):
    auditor.post(f"{ACCESSES}?q=maria@example.com&role=Maria+Petrovi%C4%87")
    assert ListExport.objects.get().filters == {"q": "e-mail address", "role": "…"}


def test_the_record_of_a_download_cannot_be_changed(auditor: Client):
    auditor.post(HOLDS)
    with pytest.raises(DatabaseError):
        ListExport.objects.update(rows=0)


@pytest.mark.embedded
def test_filters_of_the_list_are_those_of_the_file(auditor: Client):
    hold()
    assert rows_of(auditor.post(f"{HOLDS}?state__exact=approved")) == []
    assert len(rows_of(auditor.post(f"{HOLDS}?state__exact=asked"))) == 1


def test_a_list_is_filtered_by_date(auditor: Client):
    accesses(1)
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    page = auditor.get("/admin/privacy/accessrecord/").content.decode()
    assert "Past 7 days" in page
    for since, count in ((today, 1), (today + dt.timedelta(days=1), 0)):
        rows = rows_of(auditor.post(ACCESSES, query_params={"at__gte": str(since)}))
        assert len(rows) == count
        assert ListExport.objects.latest("position").filters == {"at__gte": str(since)}


@pytest.mark.embedded
@pytest.mark.parametrize("query", ["hash__gte=a", "at__regex=.", "subject__jurisdiction=cn", "previous_hash__lt=a"])
def test_other_columns_cannot_be_searched_through_a_download(auditor: Client, query: str):
    assert auditor.post(f"{ACCESSES}?{query}").status_code == 400
    assert not ListExport.objects.exists()


@pytest.mark.embedded
@pytest.mark.parametrize("value", ["maria", "Maria_Schmidt", "%2B4915123456789", "13800138000"])
@pytest.mark.parametrize("name", ["state__exact", "_facets", "_popup", "all", "o"])
def test_a_value_that_no_filter_offers_is_not_recorded(auditor: Client, name: str, value: str):
    auditor.post(f"{HOLDS}?{name}={value}")
    assert not any(value[:5] in str(kept) for kept in ListExport.objects.values_list("filters", flat=True))


@pytest.mark.embedded
@pytest.mark.parametrize("query", ["until__gte=x", "until__gte=99999-01-01 00:00:00", "until__lt=2026-13-01"])
def test_a_value_that_cannot_be_read_is_refused(auditor: Client, query: str):
    assert auditor.post(f"{HOLDS}?{query}").status_code == 400
    assert not ListExport.objects.exists()


@pytest.mark.embedded
@pytest.mark.parametrize(
    "start",
    [
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        " =",
        "\u200b=",
        "\ufeff=",
        "\uff1d",
        "\uff0b",
        "\uff0d",
        "\uff20",
        "\u3000=",
    ],
)
def test_a_spreadsheet_runs_no_cell(start: str):
    [line] = lines_of([[f"{start}HYPERLINK(1)"]])
    assert next(csv.reader(io.StringIO(line, newline=""))) == [f"'{start}HYPERLINK(1)"]


@pytest.mark.embedded
def test_numbers_times_and_mark_up_are_cells_of_their_kind():
    at = dt.datetime(2026, 11, 29, 23, 30, tzinfo=dt.UTC)
    with timezone.override("Asia/Shanghai"):
        assert cell(at) == "2026-11-30 07:30:00+08:00"
    assert cell(format_html("{}<br>", "a=b")) == "a=b"
    assert cell(format_html("{}<br>{}<br>", "Groß & Söhne", "<b>")) == "Groß & Söhne\n<b>"
    assert cell(format_html("<b>{}</b>", "=1+1")) == "'=1+1"
    assert (cell(-3), cell(None), cell("a,b")) == (-3, "", "a,b")


def test_a_file_is_in_the_language_of_its_reader_to_the_last_row(auditor: Client):
    hold()
    answer = auditor.post(HOLDS, headers={"Accept-Language": "zh-Hans"})
    [row] = rows_of(answer)
    assert list(row)[:2] == ["保留依据", "用户"]
    assert row["状态"] == "已申请"


def test_a_long_list_is_sent_in_pieces_with_a_query_each(auditor: Client):
    accesses(CHUNK + 1)
    answer = auditor.post(ACCESSES)
    assert answer.streaming
    with CaptureQueriesContext(connection) as asked:
        assert len(rows_of(answer)) == CHUNK + 1
    assert len(asked) <= 3  # the rows, and the names of staff for each piece


@pytest.mark.embedded
@pytest.mark.parametrize("role", ROLES)
def test_only_roles_that_audit_download(role: str):
    cancel_account(subject=make_person().subject)
    client = client_of(make_staff(role))
    may = role in ("Privacy officer", "Auditor")
    sees = client.get("/admin/privacy/erasurecase/").status_code == 200
    assert client.post(CASES).status_code == (200 if may and sees else 403)
    assert ("Download as CSV" in client.get("/admin/privacy/erasurecase/").content.decode()) == (may and sees)


@pytest.mark.embedded
def test_a_link_downloads_nothing(auditor: Client):
    assert auditor.get(HOLDS).status_code == 405
    assert not ListExport.objects.exists()


@pytest.mark.embedded
def test_people_and_staff_accounts_are_no_lists_to_download():
    client = client_of(make_staff())
    for name in ("user", "staffproposal"):
        assert client.post(f"/admin/accounts/{name}/export/").status_code == 404


@pytest.mark.embedded
def test_every_list_of_rows_has_a_download():
    client = client_of(make_staff())
    pages = [model._meta for model in admin.site._registry if model._meta.model_name not in ("user", "staffproposal")]
    for opts in pages:
        address = f"/admin/{opts.app_label}/{opts.model_name}/export/"
        assert client.post(address).status_code == 200, opts
    assert ListExport.objects.count() == len(pages)


@pytest.mark.embedded
def test_downloads_are_limited(auditor: Client, settings):
    settings.RATE_LIMITS = True
    most = LIMITS["staff_export"]["person"].count
    answers = [auditor.post(HOLDS).status_code for _ in range(most + 1)]
    assert answers == [200] * most + [429]
    assert ListExport.objects.count() == most


@pytest.mark.embedded
def test_downloads_are_listed_for_those_who_audit(auditor: Client):
    hold()
    auditor.post(f"{HOLDS}?state__exact=asked")
    page = auditor.get("/admin/privacy/listexport/").content.decode()
    assert "legal holds" in page
    assert "state__exact=asked" in page
    assert AccessRecord.objects.count() == 0
