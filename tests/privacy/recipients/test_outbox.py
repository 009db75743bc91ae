"""Cancel, undo, correct, erase: each recipient is notified of each, and only about data that it holds."""

import json
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.profiles.services import correct_profile
from accounts.sign_in.changes import change_contact_point, contact_replaced
from privacy.erasure.erasing import erase_due_accounts, erase_rows
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.services import cancel_account, undo_cancellation
from privacy.recipients.messages import body_of
from privacy.recipients.models import Delivery, Recipient
from privacy.recipients.outbox import (
    ErasedPerson,
    enqueue_corrected,
    enqueue_erased,
    enqueue_resumed,
    enqueue_suspended,
)
from privacy.recipients.references import reference_for
from privacy.recipients.services import register_recipient, send_due_deliveries, send_to_recipient, set_recipient_state
from tests.erasures import due, erase, held, release
from tests.factories import make_person, pass_time
from tests.privacy.recipients.moments import rows
from tests.traces import traces


def other_recipient(*classes, name="Others"):
    return register_recipient(name=name, url="https://others.example/hook", classes=classes or ["account"])[0]


def test_a_cancellation_suspends_and_an_erasure_erases(platform):
    user, neighbour = make_person(), make_person()
    platform.has(user.subject_id, "account", "contact")
    platform.has(neighbour.subject_id, "account")
    case = cancel_account(subject=user.subject)
    assert send_due_deliveries() == 1
    assert sorted(platform.devices("suspended")) == [0, 1, 1]
    pass_time(case, timedelta(days=7))
    erase_due_accounts()
    assert send_due_deliveries() == 1
    assert platform.devices("serial") == [f"account-{neighbour.subject_id}"]
    assert [row.state for row in rows()] == ["acknowledged", "acknowledged"]
    assert all(row.acknowledged_at for row in rows())


def test_an_undone_cancellation_resumes(platform):
    user = make_person()
    platform.has(user.subject_id, "contact")
    case = cancel_account(subject=user.subject)
    send_due_deliveries()
    undo_cancellation(case=case)
    send_due_deliveries()
    assert platform.devices("suspended") == [0]
    assert [row.event for row in rows()] == ["subject.suspended", "subject.resumed"]


@pytest.mark.parametrize("arrival", list(permutations(range(4))), ids=str)
def test_whatever_arrives_last_what_happened_last_counts(platform, arrival):
    """All within a second, the precision of a message's time."""
    user, at = make_person(), timezone.now().replace(microsecond=0)
    platform.has(user.subject_id, "account")
    other_recipient("account")
    enqueue_corrected(subject=user.subject_id, fields=["name"])
    case = uuid4()
    for number in range(4):
        tell = enqueue_resumed if number % 2 else enqueue_suspended
        tell(subject=user.subject_id, case=case, at=at + timedelta(milliseconds=number))
    told = Delivery.objects.filter(recipient=platform.recipient, case=case)
    told.update(state="queued")
    in_order = rows(recipient=platform.recipient, case=case)
    for place in arrival:
        assert send_to_recipient(in_order[place].pk)
    sent = [json.loads(body) for _headers, body in platform.requests]
    assert {message["timestamp"] for message in sent} == {f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    assert [message["data"]["sequence"] for message in sent] == list(arrival)
    assert platform.devices("suspended") == [0]


def test_a_message_has_one_sequence_on_every_attempt(platform):
    user = make_person()
    undo_cancellation(case=cancel_account(subject=user.subject))
    cancel_account(subject=user.subject)
    delivery = rows(event="subject.resumed")[0]
    body = body_of(delivery)
    erase(make_person())
    assert body_of(delivery) == body


def test_what_was_undone_before_it_arrived_is_never_sent(platform):
    user = make_person()
    undo_cancellation(case=cancel_account(subject=user.subject))
    assert send_due_deliveries() == 1
    assert [json.loads(body)["type"] for _headers, body in platform.requests] == ["subject.resumed"]
    assert rows(event="subject.suspended")[0].state == "superseded"


def test_a_correction_names_the_fields_to_recipients_of_their_class(platform):
    user = make_person()
    platform.has(user.subject_id, "account", "contact")
    others = other_recipient("security")
    correct_profile(subject=user.subject, values={"name": "Somebody Else", "company_name": "Groß & Söhne"})
    send_due_deliveries()
    [(_headers, body)] = platform.requests
    message = json.loads(body)
    assert message["type"] == "subject.corrected"
    assert message["data"]["fields"] == ["name", "company_name"]
    assert message["data"]["classes"] == ["account"]
    assert platform.devices("stale") == ["name,company_name", ""]
    assert rows(recipient=others) == []


def test_a_correction_that_changes_nothing_notifies_no_recipient(platform):
    user = make_person()
    correct_profile(subject=user.subject, values={"name": "Maria Petrović"})
    assert rows() == []


def test_a_replaced_phone_number_is_a_correction(platform, settings, tmp_path):
    user = make_person()
    contact = change_contact_point(subject=user.subject, field="phone", value="+381641234567")
    contact_replaced.send(type(contact), subject_id=user.subject_id, field="phone")
    [told] = rows()
    assert (told.event, told.fields, told.classes) == ("subject.corrected", ["phone"], ["contact"])


def test_no_value_of_the_person_goes_out_or_into_the_queue(platform, caplog):
    caplog.set_level("DEBUG")
    user = make_person(phone="+381641112223")
    correct_profile(subject=user.subject, values={"name": "Désirée Größenwahn"})
    case = erase(user)
    send_due_deliveries()
    sent = [(str(number), repr(request).encode()) for number, request in enumerate(platform.requests)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM privacy_delivery")
        kept = [("row", repr(row).encode()) for row in cursor.fetchall()]
    values = ["Désirée Größenwahn", "Maria Petrović", "+381641112223", user.username, case.reference]
    assert len(sent) == len(kept) == 3
    assert traces([*sent, *kept, ("log", caplog.text.encode())], values) == []
    assert traces(sent, [str(user.subject_id), user.subject_id.hex, str(case.pk)]) == []


def test_a_message_holds_nothing_but_what_it_promises(platform):
    erase(make_person())
    send_due_deliveries()
    suspended, erased = (json.loads(body) for _headers, body in platform.requests)
    for message in (suspended, erased):
        assert set(message) == {"type", "timestamp", "data"}
    assert set(suspended["data"]) == {"reference", "classes", "deadline", "sequence"}
    assert set(erased["data"]) == {"reference", "classes", "deadline"}
    assert erased["data"]["classes"] == ["account", "contact"]


def test_two_recipients_know_a_person_by_different_numbers():
    subject, other = make_person().subject_id, make_person().subject_id
    one, two = other_recipient(name="One"), other_recipient(name="Two")
    numbers = {reference_for(recipient.pk, person) for recipient in (one, two) for person in (subject, other)}
    assert len(numbers) == 4
    assert reference_for(one.pk, subject) == reference_for(one.pk, subject)
    assert all(len(number) == 32 and number.isalnum() for number in numbers)


def test_recipients_keep_a_held_class_until_the_hold_ends(platform):
    user = make_person()
    platform.has(user.subject_id, "account", "contact")
    hold = held(user, "contact")
    erase(user)
    send_due_deliveries()
    assert platform.devices() == ["contact"]
    release(hold)
    erase_due_accounts()
    send_due_deliveries()
    assert platform.devices() == []
    assert [row.classes for row in rows(event="subject.erased")] == [["account"], ["contact"]]


def test_where_a_hold_keeps_everything_no_recipient_is_notified_to_erase(platform):
    user = make_person()
    held(user, "account", "contact")
    erase(user)
    assert [row.event for row in rows()] == ["subject.suspended"]


def test_to_erase_is_to_be_acknowledged_by_the_erasures_own_deadline(platform):
    case = erase(make_person())
    assert rows(event="subject.erased")[0].deadline_at == case.deadline_at


def test_a_retired_recipient_is_not_notified(platform):
    set_recipient_state(recipient=platform.recipient, state=Recipient.State.RETIRED)
    user = make_person()
    correct_profile(subject=user.subject, values={"name": "Somebody Else"})
    erase(user)
    assert rows() == []


def test_a_repeated_step_notifies_once(platform):
    case = erase(make_person())
    person = ErasedPerson(case.subject_id, case.pk, case.deadline_at, ())
    enqueue_erased(persons=[person, person._replace(case=uuid4())][:1], at=timezone.now())
    assert len(rows(event="subject.erased")) == 1


def test_an_erasure_that_fails_midway_notifies_no_one(platform, monkeypatch):
    user = make_person()
    due(user)
    with monkeypatch.context() as broken:
        broken.setattr("privacy.erasure.erasing.note", lambda **_entries: 1 / 0)
        erase_due_accounts()
    assert rows(event="subject.erased") == []
    ErasureCase.objects.update(next_attempt_at=timezone.now() - timedelta(days=1))
    erase_due_accounts()
    assert len(rows(event="subject.erased")) == 1


def test_a_replayed_erasure_notifies_recipients_again(platform):
    user = make_person()
    case = cancel_account(subject=user.subject)
    erase_rows([case], notifies=False)
    assert len(rows(event="subject.erased")) == 1


@pytest.mark.postgres
def test_a_batch_takes_as_many_statements_as_one_person(platform):
    counts = []
    for many in (2, 20):
        for _person in range(many):
            due(make_person())
        with CaptureQueriesContext(connection) as captured:
            assert erase_due_accounts() == 2 * many
        counts.append(len([query for query in captured if "privacy_delivery" in query["sql"]]))
    assert counts[0] == counts[1]


def test_with_no_recipient_an_erasure_asks_once_and_a_correction_not_at_all():
    user = make_person()
    with CaptureQueriesContext(connection) as captured:
        correct_profile(subject=user.subject, values={"name": "Somebody Else"})
        correct_profile(subject=user.subject, values={"name": "Yet Another"})
    assert len([query for query in captured if "privacy_recipient" in query["sql"]]) <= 1
    due(user)
    with CaptureQueriesContext(connection) as captured:
        erase_due_accounts()
    asked = [query["sql"] for query in captured if "privacy_recipient" in query["sql"]]
    assert len(asked) == 1
    # The receipt counts what is kept, by record.
    assert len([query for query in captured if "privacy_delivery" in query["sql"]]) == 1


def test_the_receipt_itself_counts_the_messages(platform):
    case = erase(make_person())
    receipt = ErasureReceipt.objects.get(case=case)
    assert {"holder": "privacy.delivery", "count": 2} in receipt.kept
