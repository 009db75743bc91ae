"""Keys and numbers of cases and receipts, in the reader's words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from privacy.inventory.data_stores import all_data_stores
from privacy.inventory.queries import declared_records
from privacy.inventory.retention_classes import labels_of
from privacy.policies.grounds import RetentionGround

KEYS = "keys"


def data_store_names() -> dict[str, str]:
    """Return the label of everything that holds data, by its key."""
    kept = {model._meta.label_lower: str(model._meta.verbose_name_plural) for model, _record in declared_records()}
    stored = {store.name: str(store.label) for store in all_data_stores()}
    # A receipt counts accounts; the model's own name, "people", is for staff.
    accounts = {settings.AUTH_USER_MODEL.lower(): _("accounts")}
    return kept | stored | accounts | {KEYS: _("Keys (without them, no copy of the data can be read)")}


def counts_in_words(counts: Mapping[str, int]) -> SafeString:
    """Return how many items each data store erased, a line each."""
    names = data_store_names()
    return _lines((names.get(holder, holder), count) for holder, count in sorted(counts.items()))


def kept_in_words(kept: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return how many rows of each record are kept, a line each."""
    return counts_in_words({row["holder"]: row["count"] for row in kept})


def held_in_words(held: Iterable[Mapping[str, Any]]) -> SafeString:
    """Return what legal holds keep, under which exception and basis and until when, a line each."""
    return _lines((RetentionGround(hold["exception"]).label, _terms(hold)) for hold in held)


def _terms(hold: Mapping[str, Any]) -> str:
    until = localize(localtime(datetime.fromisoformat(hold["until"])))
    return "; ".join((labels_of(hold["classes"]), hold["legal_basis"], str(until)))


def _lines(pairs: Iterable[tuple[object, object]]) -> SafeString:
    return format_html_join("", "{}: {}<br>", pairs)
