"""A restore that loses a move: the account is kept where it was, and what its owner did later is replayed on it."""

import pytest

from accounts.moving.services import Agreed, move_account
from accounts.profiles.models import Profile
from accounts.users.models import User
from privacy.encryption.keys import forget_keys
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import ErasureCase
from privacy.erasure.replay import replay_erasures
from privacy.erasure.services import cancel_account
from privacy.journal.models import JournalEntry
from privacy.journal.services import write_journal
from tests.chains import chain_errors
from tests.erasures import erase
from tests.factories import make_person, make_policy
from tests.privacy.erasure.restores import restored_after

BOTH = ("default", "keys")


@pytest.fixture
def user() -> User:
    """A person, known to the journal and to the backup."""
    make_policy("cn")
    user = make_person()
    write_journal()
    return user


def move(user: User) -> User:
    """Move to the other jurisdiction, and erase what stayed behind; return the account as it is then."""
    agreed = Agreed(make_policy("cn").digest, "en")
    move_account(subject=user.subject, country="CN", agreed=agreed, channel="web")
    erase_due_accounts()
    forget_keys()
    return User.objects.select_related("subject").get(pk=user.pk)


def name_of(user: User) -> str:
    return str(Profile.objects.get(subject=user.subject).name)


def test_the_account_is_where_it_was_and_is_not_erased(user: User):
    with restored_after(*BOTH):
        after = move(user)
        assert after.subject_id != user.subject_id
    done = replay_erasures()
    assert (done.lost_moves, done.erased) == (1, 0)
    assert User.objects.get().subject_id == user.subject_id
    assert name_of(user) == "Maria Petrović"
    assert not ErasureCase.objects.filter(subject=user.subject).exists()
    assert [*chain_errors(JournalEntry)] == []
    assert replay_erasures().lost_moves == 0  # the next journal begins without it
    assert name_of(user) == "Maria Petrović"
    assert User.objects.filter(subject=user.subject).exists()


def test_an_account_that_was_erased_after_its_move_is_erased(user: User):
    with restored_after(*BOTH):
        erase(move(user))
    replay_erasures()
    assert not User.objects.exists()
    assert not Profile.objects.exists()


def test_a_cancellation_after_the_move_is_replayed_and_can_be_undone(user: User):
    with restored_after(*BOTH):
        before = cancel_account(subject=move(user).subject)
    replay_erasures()
    case = ErasureCase.objects.get(state=ErasureCase.State.COOLING_OFF)
    assert (case.reference, case.subject_id) == (before.reference, user.subject_id)
    assert not User.objects.get().is_active


def test_where_the_keys_were_not_restored_the_erasure_is_replayed(user: User):
    with restored_after("default"):
        move(user)
    done = replay_erasures()
    assert done.lost_moves == 0
    assert not User.objects.exists()


def test_a_move_that_the_backup_knows_is_finished(user: User):
    agreed = Agreed(make_policy("cn").digest, "en")
    move_account(subject=user.subject, country="CN", agreed=agreed, channel="web")
    write_journal()
    with restored_after(*BOTH):
        erase_due_accounts()
    done = replay_erasures()
    assert (done.lost_moves, done.erased) == (0, 1)
    after = User.objects.get()
    assert after.subject_id != user.subject_id
    assert name_of(after) == "Maria Petrović"
