"""Alarms before a deadline, not after it: in the log, by e-mail to the operator, without a word of any person."""

import logging
from collections.abc import Iterator

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail

from accounts.security_events.failed_sign_ins import oldest_failed_sign_in
from accounts.tries.models import TryTotal
from accounts.tries.totals import alarming_totals
from portal.operations.message_figures import message_alarms
from privacy.announcements.queries import late_announcements, stalled_announcements
from privacy.erasure.queries import endangered_cases, failing_cases, late_cases
from privacy.evidence.clock import database_now
from privacy.holds.queries import ending_holds
from privacy.journal.lag import LATE, journal_lag
from privacy.journal.maintenance import in_maintenance, unreachable_since, why_in_maintenance
from privacy.notices.queries import stuck_notices
from privacy.recipients.queries import (
    by_recipient,
    endangered_deliveries,
    failed_deliveries,
    gone_recipients,
    late_deliveries,
)

logger = logging.getLogger(__name__)

# Of each kind: a mail that lists thousands is read by nobody.
MOST = 50
URGENT_AGAIN_SECONDS = 3600
# The sweep comes every ten seconds; until it does, owners do not see who tried their password.
UNCOUNTED_SECONDS = 300


def uncounted_seconds() -> float:
    """Return for how many seconds the oldest failed sign-in waits to be counted, 0 where none waits."""
    oldest = oldest_failed_sign_in()
    return max(0.0, (database_now() - oldest).total_seconds()) if oldest else 0


def raise_alarms() -> list[str]:
    """Say what needs somebody; return the lines. `ALARM_EMAIL` gets them too."""
    lines = list(_alarms())
    _say(lines)
    return lines


def raise_urgent_alarms() -> list[str]:
    """Say what cannot wait, each kind once an hour; return the lines that were said now."""
    lines = [line for kind, line in _urgent_alarms() if cache.add(f"alarm:{kind}", 1, timeout=URGENT_AGAIN_SECONDS)]
    _say(lines)
    return lines


def _say(lines: list[str]) -> None:
    for line in lines:
        logger.error("Alarm: %s", line)
    if lines and settings.ALARM_EMAIL:
        send_mail("Portal: something needs you", "\n".join(lines), None, [settings.ALARM_EMAIL], fail_silently=True)


def _alarms() -> Iterator[str]:
    if in_maintenance():
        return
    for case in endangered_cases()[:MOST]:
        yield f"erasure {case.reference} must be done by {case.deadline_at:%Y-%m-%d %H:%M} UTC"
    for case in late_cases()[:MOST]:
        yield f"erasure {case.reference} is late since {case.deadline_at:%Y-%m-%d %H:%M} UTC"
    for case in failing_cases()[:MOST]:
        yield f"erasure {case.reference} fails ({case.last_failure}), attempt {case.attempts}"
    for hold in ending_holds()[:MOST]:
        yield f"legal hold {hold.pk} ends {hold.until:%Y-%m-%d %H:%M} UTC"
    yield from _alarms_of_recipients()
    for announcement in late_announcements():
        yield f"messages about policy {announcement.version} will not reach everybody before it is in force"
    if stuck := stuck_notices().count():
        yield f"{stuck} messages are stuck"


def _urgent_alarms() -> Iterator[tuple[str, str]]:
    if cache.is_away():  # type: ignore[attr-defined]
        yield "redis", "Redis does not answer: the database counts tries, and beat does the sweeps"
    if why := why_in_maintenance():
        yield "maintenance", f"the portal is in maintenance: {why}"
        return
    if since := unreachable_since():
        yield "journal-store", f"the store of the erasure journal does not answer since {since:%Y-%m-%d %H:%M} UTC"
    if (lag := journal_lag()).age >= LATE:
        yield (
            "journal",
            f"the erasure journal is {lag.rows} rows behind, the oldest from {lag.oldest:%Y-%m-%d %H:%M} UTC",
        )
    yield from message_alarms()
    for announcement in stalled_announcements().select_related("version"):
        yield f"announcement:{announcement.pk}", f"messages about policy {announcement.version} stand still"
    if (waits := uncounted_seconds()) > UNCOUNTED_SECONDS:
        yield "failed-sign-ins", f"the oldest failed sign-in has waited for {waits:.0f} seconds to be counted"
    for kind, count in alarming_totals().items():
        yield f"tries:{kind}", f"{count} {_TRIED[kind]} within five minutes"


# Many at once are an attack on many accounts, such as one password tried at each; single accounts limit themselves.
_TRIED: dict[str, str] = {
    TryTotal.Kind.PASSWORD_FAILED: "wrong passwords were given",
    TryTotal.Kind.FACTOR_FAILED: "wrong second factors were given",
    TryTotal.Kind.CODE_ASKED: "codes were requested",
}


def _alarms_of_recipients() -> Iterator[str]:
    for recipient in gone_recipients():
        yield f"recipient {recipient} answered 410: it is told nothing any more"
    for name, count, oldest in by_recipient(endangered_deliveries()):
        yield f"{count} messages to {name} must be acknowledged, the first by {oldest:%Y-%m-%d %H:%M} UTC"
    for name, count, oldest in by_recipient(late_deliveries()):
        yield f"{count} messages to {name} are late, the first since {oldest:%Y-%m-%d %H:%M} UTC"
    for name, count, _oldest in by_recipient(failed_deliveries()):
        yield f"{count} messages to {name} were given up"
