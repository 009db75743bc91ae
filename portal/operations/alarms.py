"""Alarms before a deadline: in the log and by e-mail to the operator, without personal data."""

import logging
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail

from privacy.journal.maintenance import in_maintenance
from privacy.operations.collecting import declared
from privacy.operations.watching import Lines, Severity, Watched

logger = logging.getLogger(__name__)

URGENT_AGAIN_SECONDS = 3600


def raise_alarms() -> list[str]:
    """Log the hourly alarms and send them to `ALARM_EMAIL`; return the lines."""
    lines = [line for _kind, line in _alarms(Severity.HOURLY)]
    _send(lines)
    return lines


def raise_urgent_alarms() -> list[str]:
    """Raise urgent alarms, each kind once an hour; return the lines raised now."""
    urgent = _alarms(Severity.URGENT)
    lines = [line for kind, line in urgent if cache.add(f"alarm:{kind}", 1, timeout=URGENT_AGAIN_SECONDS)]
    _send(lines)
    return lines


def _alarms(severity: Severity) -> Iterator[tuple[str, str]]:
    for watched in declared(Watched):
        # Checked for each: one of them finds that the portal is in maintenance mode.
        if watched.severity is severity and (watched.in_maintenance or not in_maintenance()):
            yield from _alarms_of(watched)


def _alarms_of(watched: Watched) -> Lines:
    """Return the alarms of one figure; a figure that cannot be read is an alarm itself, and stops no other."""
    try:
        return list(watched.alarms())
    except Exception as error:  # noqa: BLE001 - whatever it is must not stop the other alarms
        # Without a trace: an error of the database may quote a row.
        logger.error("The figure %s cannot be read (%s).", watched.name, type(error).__name__)  # noqa: TRY400
        return [(f"unread:{watched.name}", f"the figure {watched.name} cannot be read ({type(error).__name__})")]


def _send(lines: list[str]) -> None:
    for line in lines:
        logger.error("Alarm: %s", line)
    if lines and settings.ALARM_EMAIL:
        send_mail("Portal: action needed", "\n".join(lines), None, [settings.ALARM_EMAIL], fail_silently=True)
