"""Which erasures wait, are due, endangered, late or held: for the sweep and for staff."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from privacy.erasure.models import ErasureCase
from privacy.erasure.queries import due_cases, endangered_cases, failing_cases, held_cases, late_cases, waiting_cases
from tests.factories import make_subject

State = ErasureCase.State
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def case(state: str = State.COOLING_OFF, *, due: timedelta, deadline: timedelta, next_attempt: timedelta | None = None):
    """A case that is due and late so long from now."""
    now = timezone.now()
    return ErasureCase.objects.create(
        subject=make_subject(),
        state=state,
        cancelled_at=now - 10 * DAY,
        due_at=now + due,
        deadline_at=now + deadline,
        next_attempt_at=now + (due if next_attempt is None else next_attempt),
    )


def test_the_sweep_takes_what_is_due_oldest_first_and_not_before_its_next_attempt():
    younger, older = case(due=-HOUR, deadline=DAY), case(due=-2 * HOUR, deadline=DAY)
    case(due=HOUR, deadline=DAY)
    case(due=HOUR, deadline=DAY, next_attempt=-HOUR)
    case(due=-HOUR, deadline=DAY, next_attempt=HOUR)
    case(State.HELD, due=-HOUR, deadline=DAY)
    assert list(due_cases(State.COOLING_OFF)) == [older, younger]


def test_the_sweep_knows_a_cases_subject_without_asking_again(django_assert_num_queries):
    case(due=-HOUR, deadline=DAY)
    [found] = due_cases(State.COOLING_OFF)
    with django_assert_num_queries(0):
        assert found.subject.jurisdiction == "intl"


def test_waiting_is_what_the_portal_itself_has_to_do():
    waiting = [case(State.COOLING_OFF, due=DAY, deadline=2 * DAY), case(State.ROWS_ERASED, due=-DAY, deadline=-HOUR)]
    for state in (State.HELD, State.ERASED, State.UNDONE):
        case(state, due=-DAY, deadline=-HOUR)
    assert set(waiting_cases()) == set(waiting)


def test_late_is_what_is_unfinished_past_its_deadline_the_latest_first():
    late, latest = case(due=-2 * DAY, deadline=-HOUR), case(State.ROWS_ERASED, due=-2 * DAY, deadline=-DAY)
    over = case(State.HELD, due=-DAY, deadline=-2 * HOUR)
    case(State.HELD, due=DAY, deadline=-HOUR)
    case(State.ERASED, due=-2 * DAY, deadline=-DAY)
    case(due=-DAY, deadline=HOUR)
    assert list(late_cases()) == [latest, over, late]


def test_endangered_is_what_is_due_with_less_than_six_hours_left_the_nearest_first():
    near, nearest = case(due=-DAY, deadline=timedelta(hours=5, minutes=55)), case(due=-DAY, deadline=HOUR)
    held = case(State.HELD, due=-DAY, deadline=2 * HOUR)
    case(due=-DAY, deadline=timedelta(hours=6, minutes=5))
    case(due=-DAY, deadline=-HOUR)
    case(due=HOUR, deadline=2 * HOUR)
    case(State.HELD, due=HOUR, deadline=2 * HOUR)
    case(State.ERASED, due=-DAY, deadline=HOUR)
    assert list(endangered_cases()) == [nearest, held, near]


def test_failing_is_what_is_still_to_be_done_and_failed_the_last_time():
    failing, held = case(due=-HOUR, deadline=DAY), case(State.HELD, due=-HOUR, deadline=HOUR)
    waits, erased = case(State.HELD, due=HOUR, deadline=DAY), case(State.ERASED, due=-HOUR, deadline=DAY)
    for each in (failing, held, waits, erased):
        ErasureCase.objects.filter(pk=each.pk).update(last_failure="erase_rows: DatabaseError")
    case(due=-HOUR, deadline=DAY)
    assert list(failing_cases()) == [held, failing]


def test_held_cases_are_listed_by_the_end_of_their_hold():
    later, sooner = case(State.HELD, due=2 * DAY, deadline=3 * DAY), case(State.HELD, due=DAY, deadline=4 * DAY)
    case(due=DAY, deadline=2 * DAY)
    assert list(held_cases()) == [sooner, later]


@pytest.mark.parametrize("state", [State.COOLING_OFF, State.ROWS_ERASED, State.HELD])
def test_a_person_has_one_open_case(state: str):
    first = case(state, due=DAY, deadline=2 * DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureCase.objects.create(
            subject=first.subject,
            cancelled_at=first.cancelled_at,
            due_at=first.due_at,
            deadline_at=first.deadline_at,
            next_attempt_at=first.due_at,
        )
