"""A copy as one HTML file without external resources: it opens from disk, prints, and stays readable for years."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from privacy.export.models import DataCopy
from privacy.export.reading import readable
from privacy.jurisdictions.site import link_to

STYLESHEET = "portal.css"
_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)


def as_html(document: Mapping[str, Any]) -> str:
    """Return a copy as an HTML file, in the active language and in its person's time zone. Raises `FormerFormat`."""
    with timezone.override(_time_zone(document)):
        context = {
            "document": readable(document),
            "style": _style(),
            "time_zone": timezone.get_current_timezone_name(),
            "site": link_to("front"),
        }
        return render_to_string("privacy/export/standalone.html", context)


def file_name(copy: DataCopy) -> str:
    """Return the file name of a copy, without its extension."""
    return f"my-data-{copy.ready_at:%Y-%m-%d}"


def _time_zone(document: Mapping[str, Any]) -> Any:
    """Return the time zone that the person stated, or the active one."""
    rows = document.get("records", {}).get("profile") or [{}]
    return rows[0].get("time_zone") or timezone.get_current_timezone()


@cache
def _style() -> SafeString:
    path = finders.find(STYLESHEET)
    assert isinstance(path, str)  # noqa: S101 - for the type checker: the stylesheet is part of the project
    return mark_safe(_COMMENT.sub("", Path(path).read_text(encoding="utf-8")))  # noqa: S308 - a file of our own
