"""A restore loses no restriction: the journal has it, and what was lifted stays lifted."""

from privacy.erasure.replay import replay_erasures
from privacy.recipients.models import Delivery
from privacy.recipients.services import register_recipient
from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.queries import is_restricted
from privacy.restriction.services import lift_restriction, restrict_processing
from tests.erasures import erase
from tests.factories import make_person
from tests.privacy.erasure.restores import restored_after


def test_a_lost_restriction_is_in_force_again_under_its_number():
    person = make_person()
    register_recipient(name="Devices", url="https://devices.example/", classes=["account"])
    with restored_after():
        before = restrict_processing(subject=person.subject, why="request")
    assert not is_restricted(person.subject_id)
    replay_erasures()
    found = ProcessingRestriction.objects.get()
    assert (found.pk, found.why) == (before.pk, "request")
    assert list(Delivery.objects.values_list("event", flat=True)) == ["subject.suspended"]
    replay_erasures()
    assert ProcessingRestriction.objects.count() == 1


def test_what_was_lifted_stays_lifted():
    person = make_person()
    restrict_processing(subject=person.subject, why="request")
    with restored_after():
        lift_restriction(subject=person.subject, why="request", by="staff")
    assert is_restricted(person.subject_id)
    replay_erasures()
    assert not is_restricted(person.subject_id)
    assert ProcessingRestriction.objects.get().lifted_by == "staff"


def test_of_an_erased_person_nothing_is_restricted_again():
    person = make_person()
    with restored_after():
        restrict_processing(subject=person.subject, why="request")
        erase(person)
    replay_erasures()
    assert not ProcessingRestriction.objects.exists()
