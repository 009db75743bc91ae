"""A consent record is tied to the text that was shown, never changes, and forms a chain that detects tampering."""

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privacy.consent.models import ConsentRecord
from privacy.consent.queries import consents_of, latest_consents, purposes_in_force, unanswered_changes
from privacy.consent.services import (
    NoConsent,
    PolicyNotInForce,
    SubjectErased,
    record_consent,
    require_shown_version,
    switch_purpose,
)
from privacy.evidence.models import ChainHead
from privacy.evidence.triggers import create_triggers, drop_triggers
from privacy.inventory.purposes import UnknownPurpose
from tests.chains import chain_errors
from tests.environment import examples
from tests.factories import agree, make_policy, make_subject


def test_a_record_holds_the_text_that_was_shown():
    version, subject = make_policy(), make_subject()
    record = agree(subject, version, "product_news")
    assert (record.digest, record.language, record.purposes) == (version.digest, "en", ["product_news"])


def test_the_text_shown_must_be_the_one_in_force():
    old = make_policy(text="old")
    new = make_policy(text="new")
    with pytest.raises(PolicyNotInForce) as refused:
        require_shown_version(jurisdiction="intl", language="en", digest=old.digest)
    assert refused.value.current == new
    assert require_shown_version(jurisdiction="intl", language="en", digest=new.digest) == new


def test_a_purpose_that_the_policy_does_not_list_is_refused():
    with pytest.raises(UnknownPurpose):
        agree(make_subject(), make_policy(), "selling_data")


def test_a_necessary_purpose_has_no_switch():
    with pytest.raises(UnknownPurpose):
        agree(make_subject(), make_policy(), "service")


def test_purposes_are_off_until_switched_on_and_every_switch_is_recorded():
    subject = make_subject()
    agree(subject, make_policy())
    assert purposes_in_force(subject.pk) == []
    switch_purpose(subject=subject, key="product_news", on=True, channel="web")
    assert purposes_in_force(subject.pk) == ["product_news"]
    switch_purpose(subject=subject, key="product_news", on=False, channel="web")
    assert purposes_in_force(subject.pk) == []
    assert [record.act for record in consents_of(subject.pk)] == ["withdrew", "granted", "registered"]


def test_switching_to_what_already_is_records_nothing():
    subject = make_subject()
    agree(subject, make_policy())
    switch_purpose(subject=subject, key="product_news", on=False, channel="web")
    assert consents_of(subject.pk).count() == 1


def test_a_person_who_never_agreed_cannot_switch():
    with pytest.raises(NoConsent):
        switch_purpose(subject=make_subject(), key="product_news", on=True, channel="web")


def test_without_any_agreement_all_purposes_are_off_and_the_gate_is_open():
    subject = make_subject()
    make_policy()
    assert purposes_in_force(subject.pk) == []
    assert list(unanswered_changes(subject.pk)) == []
    assert latest_consents([subject.pk]) == {}


def test_the_latest_version_of_each_of_some_people_is_found():
    old, new = make_policy(), make_policy()
    stays, moves = make_subject(), make_subject()
    agree(stays, old), agree(moves, old), agree(moves, new)
    assert latest_consents([stays.pk, moves.pk]) == {stays.pk: old.pk, moves.pk: new.pk}


def test_a_late_consent_of_an_erased_person_is_refused():
    subject, version = make_subject(), make_policy()
    subject.erased_at = version.published_at
    with pytest.raises(SubjectErased):
        record_consent(subject=subject, version=version, purposes=[], act="granted", channel="web")


@pytest.mark.parametrize(
    "statement", ["UPDATE privacy_consentrecord SET language = 'xx'", "DELETE FROM privacy_consentrecord"]
)
def test_the_database_refuses_to_change_a_record(statement: str):
    agree(make_subject(), make_policy())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_code_refuses_to_change_a_record():
    record = agree(make_subject(), make_policy())
    with pytest.raises(TypeError):
        record.save()
    with pytest.raises(TypeError):
        record.delete()


def test_an_untouched_chain_has_no_errors():
    version = make_policy()
    for _ in range(5):
        agree(make_subject(), version)
    assert list(chain_errors(ConsentRecord)) == []


TAMPERINGS = {
    "a changed value": "UPDATE privacy_consentrecord SET language = 'xx' WHERE position = {n}",
    "a swapped subject": "UPDATE privacy_consentrecord SET subject_id = "
    "(SELECT subject_id FROM privacy_consentrecord WHERE position = {m}) WHERE position = {n}",
    "a dropped row": "DELETE FROM privacy_consentrecord WHERE position = {n}",
    "two rows in another order": "UPDATE privacy_consentrecord SET position = 1000000 + "
    "CASE position WHEN {n} THEN {m} ELSE {n} END WHERE position IN ({n}, {m})",
    "a forged hash": "UPDATE privacy_consentrecord SET hash = previous_hash WHERE position = {n}",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS)
@settings(max_examples=examples(6, 20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choice=st.permutations(range(1, 7)))
def test_every_tampering_is_noticed(statement: str, choice: list[int]):
    with transaction.atomic():
        version = make_policy()
        for _ in range(6):
            agree(make_subject(), version)
        first = ChainHead.objects.get(chain="privacy.consentrecord").position - 5
        drop_triggers(connection, "privacy_consentrecord")
        with connection.cursor() as cursor:
            cursor.execute(statement.format(n=first + choice[0] - 1, m=first + choice[1] - 1))
        assert list(chain_errors(ConsentRecord)) != []
        create_triggers(connection, "privacy_consentrecord", "TRUE")
        transaction.set_rollback(True)


def test_a_cut_tail_is_noticed():
    version = make_policy()
    for _ in range(3):
        agree(make_subject(), version)
    drop_triggers(connection, "privacy_consentrecord")
    ConsentRecord.objects.order_by("-position")[:1].get()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM privacy_consentrecord WHERE position = (SELECT MAX(position) FROM privacy_consentrecord)"
        )
    assert any("does not end" in fault for fault in chain_errors(ConsentRecord))
