"""Workers die by SIGKILL while they carry out or close requests: nothing is lost, and nothing is told twice."""

import itertools
import random

from tests.faults.worlds import World

CARRY_OUT, CLOSE = "carry_out_due()", "close_unproven()"
BOUNDARIES = (
    *(
        "privacy.rights.carrying_out.due.move",
        "privacy.rights.states.moving.note",
        "privacy.rights.states.moving.close_if_decided",
    ),
    *("privacy.rights.carrying_out.due.send_decided", "privacy.rights.notices.send_notice"),
    "django.db.transaction.Atomic.__exit__",
)
IMPORTS = """
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.states.closing import close_unproven
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.models.codes import ProofCode
from privacy.rights.services import Asker
from tests.privacy.rights.filing import filed, proven


def make(number):
    asker = Asker("DE", "en", "email", f"{number}@example.com")
    proven(None, "access", "deletion", asker=asker)
    filed("access", asker=asker)
    RightsRequest.objects.filter(proven_at=None).update(due_at="2026-01-01T00:00:00Z")
    ProofCode.objects.update(sent_at="2025-12-01T00:00:00Z")
"""
OUTCOME = """
answer({
    "undecided": RequestItem.objects.filter(decided_at=None).count(),
    "open": RightsRequest.objects.filter(closed_at=None).count(),
    "decided": RequestRecord.objects.filter(act="decided").count(),
    "closed": RequestRecord.objects.filter(act="closed").count(),
    "told": Notice.objects.filter(template__in=("request_decided", "request_not_proven")).count(),
    "chain faults": len(list(chain_errors(RequestRecord))),
})
"""


def test_a_worker_that_dies_at_any_boundary_tells_and_loses_nothing(portal: World, many):
    places = [(boundary, after, call) for boundary in BOUNDARIES for after in (False, True) for call in (1, 2)]
    wanted, rounds, died = many(6, 60), 0, 0
    for boundary, after, call in itertools.islice(itertools.cycle(random.sample(places, len(places))), wanted * 2):
        work = f"die_at({boundary!r}, {after}, {call}); {CARRY_OUT}; {CLOSE}; answer('lived')"
        worker = portal.start(f"{IMPORTS}\nmake({rounds}); {work}")
        worker.communicate(timeout=120)
        rounds, died = rounds + 1, died + (worker.returncode == -9)
        if died == wanted:
            break
    assert died == wanted
    found = portal.run(f"{IMPORTS}\n{CARRY_OUT}\n{CLOSE}\n{CARRY_OUT}\n{OUTCOME}")
    assert found == {
        "undecided": 0,
        "open": 0,
        "decided": 3 * rounds,
        "closed": 2 * rounds,
        "told": 2 * rounds,
        "chain faults": 0,
    }
