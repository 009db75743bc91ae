"""System checks of what packages declare: a second declaration of a thing, a figure or queue that does not work."""

from typing import Any

import pytest

from accounts.sessions.models import Session
from portal.operations.checks import UNIQUE, packages_are_complete
from privacy.access.staff_accounts import StaffAccounts
from privacy.access.two_people import PersonMarks
from privacy.erasure.suspending import SuspensionReason
from privacy.evidence.staff_names import StaffNames, StaffWith
from privacy.export.copy_rows import CopyRows
from privacy.guardians.adults import AdultCheck
from privacy.inventory.country_of_person import CountryOfPerson
from privacy.inventory.declarations import Kind
from privacy.inventory.kinds import RegistrationKind
from privacy.inventory.offered_services import Service
from privacy.inventory.third_parties import ThirdParties
from privacy.inventory.value_labels import ValueLabel
from privacy.journal.restores import AfterRestore
from privacy.notices.addresses import AddressBook, AddressRules
from privacy.notices.messages import Message
from privacy.notices.tasks import send_code
from privacy.operations.collecting import all_declarations, declared
from privacy.operations.queues import BULK, QueueOf
from privacy.operations.receivers import Receives
from privacy.operations.roles import Permissions
from privacy.operations.sweeps import Sweep
from privacy.operations.watching import Watched
from privacy.preferences.language_switch import LanguageKeeper
from privacy.preferences.preferences import PreferencesOfPerson
from privacy.rest.strangers import StrangerCheck
from privacy.restriction.queries import MayRead
from privacy.retention.sources import CountedRegistrations
from privacy.subjects.freshness import FreshSignIn
from tests.declarations import declare

SECRET = "+8613800138000"
# Every declaration of these kinds counts, or the first one that knows an answer.
REPEATABLE = {
    *(Receives, Permissions, ThirdParties, AddressBook, RegistrationKind, CountryOfPerson, CountedRegistrations),
    *(StrangerCheck, LanguageKeeper, MayRead, AdultCheck, SuspensionReason),
    *(
        PersonMarks,
        PreferencesOfPerson,
        StaffAccounts,
        StaffNames,
        StaffWith,
        AddressRules,
        FreshSignIn,
        StrangerCheck,
        LanguageKeeper,
    ),
}


def fail(*_given: Any) -> Any:
    raise ValueError(SECRET)


def problems(*more: Any) -> dict[str, str]:
    """Return the messages of the checks by id, with these declarations besides those of the packages."""
    with declare(*more):
        return {problem.id: problem.msg for problem in packages_are_complete()}


def test_the_packages_declare_nothing_wrong():
    assert problems() == {}


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (Watched("erasures_late", "Late.", figure=lambda: 0), "Watched 'erasures_late' is declared 2 times."),
        (Sweep("erasures", send_code), "Sweep 'erasures' is declared 2 times."),
        (Message("copy_ready"), "Message 'copy_ready' is declared 2 times."),
        (ValueLabel("country", str), "ValueLabel 'country' is declared 2 times."),
        (AfterRestore("receipts", lambda _restore: 0, 10, ""), "AfterRestore 'receipts' is declared 2 times."),
        (CopyRows(Session, lambda _subject: []), "CopyRows 'accounts.Session' is declared 2 times."),
        (QueueOf(BULK, (send_code,)), f"QueueOf '{send_code.name}' is declared 2 times."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_second_declaration_is_refused(second: Any, said: str):
    assert problems(second) == {"portal.E014": said}


@pytest.mark.parametrize("kind", list(UNIQUE), ids=lambda kind: kind.__name__)
def test_no_declaration_of_a_kind_that_is_unique_may_be_repeated(kind: type):
    assert "portal.E014" in problems(declared(kind)[0])


def test_every_kind_of_declaration_is_unique_or_may_be_repeated():
    assert {type(each) for each in all_declarations() if not isinstance(each, tuple(UNIQUE))} <= REPEATABLE


def test_a_queue_without_workers_is_refused():
    assert problems(QueueOf("nosuch", ())) == {"portal.E017": "There is no queue 'nosuch'."}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Service("news", "News", "News.", needs=("fax",)), "The service news needs 'fax', and there is no such field."),
        (Service("News!", "News", "News."), "'News!' is no key of a service: use lower-case letters, digits and _."),
        (
            Service("news", "News", "News.", needs=("email",), kinds=frozenset({Kind.ENTERPRISE})),
            "The service news needs 'email', which none of its people can give.",
        ),
        (Service("news", "News", "News.", kinds=frozenset()), "No kind of registration can have the service news."),
        (
            Service("news", "News", "News.", licence=True),
            "The service news needs a licence, which only enterprises have.",
        ),
    ],
    ids=["a field", "a key", "a kind", "nobody", "a licence"],
)
def test_a_service_that_needs_what_nobody_can_give_is_refused(wrong: Service, said: str):
    assert problems(wrong) == {"portal.E019": said}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Watched("wrong", "Wrong.", rows=list, deadline="due_at"), "the rows of wrong are no query set: list"),
        (Watched("wrong", "Wrong.", rows=fail, deadline="due_at"), "the rows of wrong cannot be read: ValueError"),
        (Watched("not-a-name", "Wrong.", figure=lambda: 0), "not-a-name is no name of a metric"),
        (Watched("wrong", "Wrong.", figure=dict, by="no label"), "no label is no name of a label"),
    ],
    ids=["a list", "an error", "a name", "a label"],
)
def test_a_figure_that_cannot_work_is_a_problem_and_not_an_error(wrong: Watched, said: str):
    found = problems(wrong)
    assert list(found) == ["portal.E018"]
    assert said in found["portal.E018"]
    assert SECRET not in found["portal.E018"]
