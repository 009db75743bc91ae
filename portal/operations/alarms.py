"""Alarms before a deadline, not after it: in the log, by e-mail to the operator, without a word of any person."""

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
    """Say what needs attention; return the lines. `ALARM_EMAIL` gets them too."""
    lines = [line for _kind, line in _alarms(Severity.HOURLY)]
    _say(lines)
    return lines


def raise_urgent_alarms() -> list[str]:
    """Say what cannot wait, each kind once an hour; return the lines that were said now."""
    urgent = _alarms(Severity.URGENT)
    lines = [line for kind, line in urgent if cache.add(f"alarm:{kind}", 1, timeout=URGENT_AGAIN_SECONDS)]
    _say(lines)
    return lines


def _alarms(severity: Severity) -> Iterator[tuple[str, str]]:
    for watched in declared(Watched):
        # Asked for each: one of them says that the portal is in maintenance.
        if watched.severity is severity and (watched.in_maintenance or not in_maintenance()):
            yield from _alarms_of(watched)


def _alarms_of(watched: Watched) -> Lines:
    """Return what one figure alarms of; one that cannot be read is an alarm itself, and stops no other."""
    try:
        return list(watched.alarms())
    except Exception as error:
        logger.exception("The figure %s cannot be read.", watched.name)
        return [(f"unread:{watched.name}", f"the figure {watched.name} cannot be read ({type(error).__name__})")]


def _say(lines: list[str]) -> None:
    for line in lines:
        logger.error("Alarm: %s", line)
    if lines and settings.ALARM_EMAIL:
        send_mail("Portal: action needed", "\n".join(lines), None, [settings.ALARM_EMAIL], fail_silently=True)
