"""Workers die by SIGKILL while accounts move: each person has one living account, as before the move or after it."""

import itertools
import random

from tests.faults.worlds import World

MOVING = ("create_keys", "hand_over_rows", "close_moved", "tell_moved", "record_consent")
ERASING = ("enqueue_erased", "note", "write_erasures", "destroy_keys")
BOUNDARIES = (
    *(f"accounts.moving.services.{name}" for name in MOVING),
    *(f"privacy.erasure.erasing.{name}" for name in ERASING),
    "django.db.transaction.Atomic.__exit__",
)
IMPORTS = """
from itertools import count
from accounts.moving.services import Agreed, move_account
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.encryption.keys import forget_keys
from privacy.encryption.models import DataKey
from privacy.erasure.erasing import erase_due_accounts
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import version_to_show
from privacy.subjects.models import DataSubject
from tests import factories
from tests.factories import make_person, make_policy


def policies():
    for code in ("intl", "cn"):
        if not PolicyVersion.objects.filter(jurisdiction=code).exists():
            make_policy(code)


def move(number):
    policies()
    factories._numbers = count(1000 * (number + 1))  # each process counts from one
    person = make_person(phone=f"+38164{number:07}")
    version = version_to_show("cn", "en")
    agreed = Agreed(version.digest, version.language)
    return lambda: move_account(subject=person.subject, country="CN", agreed=agreed, channel="web")
"""
OUTCOME = """
forget_keys()
living = {user.subject_id: user for user in User.objects.select_related("subject")}
moved = {pk for pk, user in living.items() if user.subject.jurisdiction == "cn"}
answer({
    "living": len(living),
    "readable": sum(str(row.name) == "Maria Petrović" for row in Profile.objects.filter(subject_id__in=living)),
    "profiles": Profile.objects.count(),
    "countries": all(str(row.country) == ("CN" if row.subject_id in moved else "RS") for row in Profile.objects.all()),
    "left behind": DataSubject.objects.filter(jurisdiction="intl", erased_at=None).exclude(pk__in=living).count(),
    "erased": DataSubject.objects.filter(erased_at__isnull=False).count() == len(moved),
    "old keys": DataKey.objects.filter(destroyed_at=None, owner__in=list(
        DataSubject.objects.filter(erased_at__isnull=False).values_list("pk", flat=True))).count(),
})
"""


def test_a_worker_that_dies_at_any_boundary_leaves_one_living_account(portal: World, many):
    places = [(boundary, after) for boundary in BOUNDARIES for after in (False, True)]
    wanted, rounds, died = many(6, 60), 0, 0
    for boundary, after in itertools.islice(itertools.cycle(random.sample(places, len(places))), wanted * 2):
        dies = f"die_at({boundary!r}, {after}, 1)"
        worker = portal.start(f"{IMPORTS}\ngo = move({rounds}); {dies}; go(); erase_due_accounts(); answer('lived')")
        _output, errors = worker.communicate(timeout=120)
        assert "Traceback" not in errors, errors[-2000:]
        rounds, died = rounds + 1, died + (worker.returncode == -9)
        if died == wanted:
            break
    assert died == wanted
    found = portal.run(f"{IMPORTS}\nerase_due_accounts()\n{OUTCOME}")
    assert found == {
        "living": rounds,
        "readable": rounds,
        "profiles": rounds,
        "countries": True,
        "left behind": 0,
        "erased": True,
        "old keys": 0,
    }
