"""File many requests from a CSV file, one row a person: every row is checked first, and each bad one is named."""

import csv
import io
import logging
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.utils.translation import gettext as _

from privacy.limits.counting import RateLimited
from privacy.rights.forms.filing import FilingForm
from privacy.rights.models.requests import RightsRequest
from privacy.rights.services import file_request

logger = logging.getLogger(__name__)

COLUMNS = ("received_at", "channel", "rights", "reach", "country", "ground", "language", "text", "about")
REQUIRED = COLUMNS[:5]
MOST_ROWS, MOST_BYTES = 500, 1_000_000
# Between the rights of one row.
BETWEEN = ";"


class UnreadableFile(Exception):
    """The file is no table of requests; the message says why to staff."""


@dataclass
class Row:
    """One row of the file: its number as a spreadsheet counts it, its form, and what is wrong with it.

    `filed` is the request that it became, or that was filed from it before.
    """

    number: int
    form: FilingForm
    errors: list[str] = field(default_factory=list)
    filed: RightsRequest | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be filed now."""
        return not self.errors and self.filed is None


def read_rows(text: str) -> list[Row]:
    """Return every row of a file, checked. Raises `UnreadableFile`, and stores nothing.

    The first line names the columns of `COLUMNS`, in any order; those after the fifth may be left out.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), strict=True)
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = names
        if missing := [name for name in REQUIRED if name not in names]:
            raise UnreadableFile(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
        if unknown := [name for name in names if name not in COLUMNS]:
            raise UnreadableFile(_("These columns are not known: %(names)s.") % {"names": ", ".join(unknown)})
        # Counted first: to check a row takes much longer than to read it.
        lines = [(reader.line_num, values) for values in islice(reader, MOST_ROWS + 1)]
    except csv.Error:
        raise UnreadableFile(_("This is not a CSV file: a quotation mark may be missing.")) from None
    if not lines:
        raise UnreadableFile(_("The file has no rows."))
    if len(lines) > MOST_ROWS:
        raise UnreadableFile(_("A file may have %(most)s rows at most. Split it.") % {"most": MOST_ROWS})
    rows = [_row(number, values) for number, values in lines]
    _find_twice(rows)
    return rows


def file_rows(rows: list[Row], *, by: UUID) -> None:
    """File each row that is ready, on its own; each gets its request, or the error that stopped it."""
    for row in rows:
        if not row.is_ready:
            continue
        given = row.form.cleaned_data
        try:
            row.filed = file_request(
                items=row.form.asked(),
                asker=row.form.asker(),
                channel=given["channel"],
                received_at=given["received_at"],
                filed_by=by,
            ).request
        except RateLimited:
            row.errors.append(_("Too many messages were sent to this address. Try again later."))
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:  # noqa: BLE001 - its text may hold values: only its name is kept
            logger.error("Filing row %s of a file failed with %s", row.number, type(error).__name__)  # noqa: TRY400
            row.errors.append(_("It could not be filed. Try this row again."))


def _row(number: int, values: dict[str, Any]) -> Row:
    # What is beyond the columns is under the key None.
    surplus, short = values.pop(None, None), None in values.values()  # type: ignore[call-overload]
    form = FilingForm(
        {name: (value or "").strip() for name, value in values.items()}
        | {"rights": [right.strip() for right in (values.get("rights") or "").split(BETWEEN) if right.strip()]}
    )
    errors = [f"{name}: {message}" for name, messages in form.errors.items() for message in messages]
    if surplus or short:
        errors.insert(0, _("The row has more or fewer cells than the first line."))
    return Row(number, form, errors)


def _find_twice(rows: list[Row]) -> None:
    """Mark rows that another row repeats, and rows that were filed before, as by a second press of the button."""
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        if row.errors:
            continue
        given = row.form.cleaned_data
        key = (given["received_at"], given["channel"], given["address"], tuple(sorted(given["rights"])))
        if first := seen.get(key):
            row.errors.append(_("The same as row %(number)s.") % {"number": first})
        else:
            seen[key] = row.number
            row.filed = _filed_before(row)


def _filed_before(row: Row) -> RightsRequest | None:
    given = row.form.cleaned_data
    alike = RightsRequest.objects.filter(
        filed_by__isnull=False, received_at=given["received_at"], channel=given["channel"], country=given["country"]
    )
    for request in alike.prefetch_related("items"):
        rights = sorted(item.right for item in request.items.all())
        if rights == sorted(given["rights"]) and str(request.address or "") == given["address"]:
            return request
    return None
