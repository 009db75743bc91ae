"""Context for the templates of all pages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.web.account_pages import account_pages
from portal.web.brand import brand
from privacy.consent.queries import has_unanswered_changes
from privacy.jurisdictions.jurisdictions import all_jurisdictions
from privacy.subjects.models import DataSubject


def page(request: HttpRequest) -> dict[str, Any]:
    """Return brand, controllers for the footer (the person's first), time zone, and whether the outbox exists.

    `policy_waits` is whether the person has not answered a material change. It and `account_pages`, for signed-in
    people, are looked up where a template reads them.
    """
    subject: DataSubject | None = getattr(request, "data_subject", None)
    own = getattr(subject, "jurisdiction", None)
    return {
        "brand": brand(),
        "account_pages": SimpleLazyObject(lambda: list(account_pages(request))),  # type: ignore[arg-type]
        "policy_waits": SimpleLazyObject(lambda: subject is not None and has_unanswered_changes(subject)),
        "jurisdictions": sorted(all_jurisdictions().values(), key=lambda one: one.code != own),
        "time_zone": timezone.get_current_timezone_name(),
        "has_outbox": settings.OUTBOX_DIR is not None,
    }
