"""Operations of tries: totals over all people as figures and alarms, known networks, and the removal of old counts."""

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth.signals import user_logged_in

from accounts.tries import tasks
from accounts.tries.models import TryTotal
from accounts.tries.proof_of_work import know_network, require_proof
from accounts.tries.totals import alarming_totals, newest_totals
from privacy.operations.receivers import Receives
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Severity, Watched
from privacy.rest.strangers import StrangerCheck

_COUNTED: dict[str, str] = {
    TryTotal.Kind.PASSWORD_FAILED: "Wrong passwords entered",
    TryTotal.Kind.FACTOR_FAILED: "Wrong second factors entered",
    TryTotal.Kind.CODE_ASKED: "Codes requested",
}
_ALARMED: dict[str, str] = {
    TryTotal.Kind.PASSWORD_FAILED: "wrong passwords were entered",
    TryTotal.Kind.FACTOR_FAILED: "two-step verifications failed",
    TryTotal.Kind.CODE_ASKED: "codes were requested",
}


def _watched(kind: str) -> Watched:
    """Return the figure of one kind: a high total means an attack on many accounts; each account has its own limits."""

    def alarms() -> Iterator[tuple[str, str]]:
        if count := alarming_totals().get(kind):
            yield f"tries:{kind}", f"{count} {_ALARMED[kind]} within five minutes"

    return Watched(
        f"tries_{kind}_5m",
        f"{_COUNTED[kind]} by all people within five minutes.",
        figure=lambda: newest_totals().get(kind, 0),
        severity=Severity.URGENT,
        lines=alarms,
    )


OPERATIONS = [
    *(_watched(kind) for kind in _COUNTED),
    Receives(user_logged_in, know_network),
    StrangerCheck(require_proof),
    Sweep("old counts of tries", tasks.remove_old_counts, dt.timedelta(minutes=10)),
]
