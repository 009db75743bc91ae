"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from privacy.jurisdictions.jurisdictions import all_jurisdictions


def page(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """Return the controllers for the foot (D1.4, 1.8), the zone of the times shown, and whether the outbox exists."""
    return {
        "jurisdictions": list(all_jurisdictions().values()),
        "time_zone": timezone.get_current_timezone_name(),
        "has_outbox": settings.OUTBOX_DIR is not None,
    }
