"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from privacy.jurisdictions.jurisdictions import all_jurisdictions


def page(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """Return the controllers for the foot (D1.4, 1.8) and whether the outbox exists."""
    return {
        "jurisdictions": list(all_jurisdictions().values()),
        "has_outbox": settings.OUTBOX_DIR is not None,
    }
