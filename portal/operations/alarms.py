"""Alarms before a deadline: in the log and by e-mail to the operator, without personal data."""

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterator

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db.models.functions import Now

from portal.operations.reading import Unread, read_figure, read_or_log
from privacy.database.connecting import connects_once
from privacy.journal.maintenance import in_maintenance
from privacy.operations.collecting import declared
from privacy.operations.models import RaisedAlarm
from privacy.operations.watching import MOST_LINES, Lines, Severity, Watched

logger = logging.getLogger(__name__)

URGENT_AGAIN_SECONDS = 3600
# Longer than a mail takes: meanwhile the task of another queue does not send the same alarm.
SENDING_SECONDS = 120
# Longer than any row waits that raises an alarm once.
FORGOTTEN_AFTER = dt.timedelta(days=800)
MARKS, MARKS_FOR_GOOD = "The cache of raised alarms", "The table of raised alarms"
UNREAD = "unread:"


def raise_alarms() -> list[str]:
    """Log the hourly alarms, and every figure that cannot be read, and send them to `ALARM_EMAIL`; return the lines."""
    with connects_once():
        found = [*_alarms(Severity.HOURLY), *_unread_figures()]
    # A figure and its alarm that both fail are one line.
    lines = list(dict.fromkeys(line for _kind, line in found))
    _send(lines)
    return lines


def raise_urgent_alarms() -> list[str]:
    """Raise urgent alarms, each kind once an hour, and those that are raised once; return the lines raised now.

    An alarm whose mail fails is raised again at the next call, and one that the cache cannot note at each call.
    """
    with connects_once():
        found = list(_alarms(Severity.ONCE))
        # That a figure cannot be read is said again.
        once = _not_raised_yet([(kind, line) for kind, line in found if not kind.startswith(UNREAD)])
        hourly = [*_alarms(Severity.URGENT), *((kind, line) for kind, line in found if kind.startswith(UNREAD))]
        urgent = [(kind, line) for kind, line in [*hourly, *once] if _is_new(kind)]
        lines = [line for _kind, line in urgent]
        is_sent = _send(lines)
        _note([kind for kind, _line in urgent], is_sent=is_sent)
        if is_sent:
            _note_for_good({kind for kind, _line in urgent} & {kind for kind, _line in once})
    return lines


def _alarms(severity: Severity) -> Iterator[tuple[str, str]]:
    for watched in declared(Watched):
        if watched.severity is severity:
            yield from _unless_unread(watched, _lines)


def _unread_figures() -> Iterator[tuple[str, str]]:
    for watched in declared(Watched):
        yield from _unless_unread(watched, _nothing_once_read)


def _unless_unread(watched: Watched, read: Callable[[Watched], Lines]) -> Lines:
    """Return the alarms of one figure; a figure that cannot be read is an alarm itself, and stops no other."""

    def lines() -> Lines:
        # Checked for each: one of them finds that the portal is in maintenance mode.
        return read(watched) if watched.in_maintenance or not in_maintenance() else []

    found = read_or_log(f"The figure {watched.name}", lines)
    if isinstance(found, Unread):
        return [(f"{UNREAD}{watched.name}", f"the figure {watched.name} cannot be read ({found.error})")]
    return found


def _lines(watched: Watched) -> Lines:
    return list(watched.alarms())


def _nothing_once_read(watched: Watched) -> Lines:
    read_figure(watched)
    return []


def _is_new(kind: str) -> bool:
    """Return whether this kind was not raised within the hour, and reserve it; True where the cache cannot say."""
    added = read_or_log(MARKS, lambda: bool(cache.add(_key(kind), 1, timeout=SENDING_SECONDS)))
    return isinstance(added, Unread) or added


def _not_raised_yet(alarms: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the first of those alarms whose kind was never raised; all, where the table cannot be read."""
    kinds = [kind for kind, _line in alarms]
    read = read_or_log(
        MARKS_FOR_GOOD,
        lambda: set(RaisedAlarm.objects.filter(kind__in=kinds).values_list("kind", flat=True)) if kinds else set(),
    )
    raised = set() if isinstance(read, Unread) else read
    return [(kind, line) for kind, line in alarms if kind not in raised][:MOST_LINES]


def _note_for_good(kinds: Collection[str]) -> None:
    """Note that these kinds were raised, and forget those of rows that are long gone."""

    def write() -> None:
        RaisedAlarm.objects.bulk_create([RaisedAlarm(kind=kind) for kind in sorted(kinds)], ignore_conflicts=True)
        RaisedAlarm.objects.filter(at__lt=Now() - FORGOTTEN_AFTER).delete()

    if kinds:
        read_or_log(MARKS_FOR_GOOD, write)


def _note(kinds: list[str], *, is_sent: bool) -> None:
    """Note for an hour that these kinds were raised; if they were not sent, they are new at the next call."""
    marks = dict.fromkeys(map(_key, kinds), 1)
    if marks and is_sent:
        read_or_log(MARKS, lambda: cache.set_many(marks, timeout=URGENT_AGAIN_SECONDS))
    elif marks:
        read_or_log(MARKS, lambda: cache.delete_many(marks))


def _key(kind: str) -> str:
    return f"alarm:{kind}"


def _send(lines: list[str]) -> bool:
    """Log these alarms and mail them to `ALARM_EMAIL`, where it is set; return False if the mail was not sent."""
    for line in lines:
        logger.error("Alarm: %s", line)
    if not lines or not settings.ALARM_EMAIL:
        return True
    try:
        send_mail("Portal: action needed", "\n".join(lines), None, [settings.ALARM_EMAIL])
    except Exception as error:  # noqa: BLE001 - of the connection, the server, or an address that is none
        # Without a trace: an error of the mail server may quote an address.
        logger.error("The mail with %s alarms was not sent (%s).", len(lines), type(error).__name__)  # noqa: TRY400
        return False
    return True
