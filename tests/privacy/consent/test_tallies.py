"""People are counted under the version of their latest consent, with each consent and erasure."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from privacy.consent.models import ConsentTally
from privacy.consent.queries import latest_consents
from privacy.consent.services import accept_version, switch_purpose
from privacy.consent.tallies import fold_tallies, mend_tallies, people_by_version
from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.services import cancel_account
from privacy.subjects.models import DataSubject
from tests.app import registered
from tests.environment import examples
from tests.factories import agree, make_person, make_policy, make_subject
from tests.parallel import in_parallel

pytestmark = pytest.mark.django_db


def counted_one_by_one() -> dict[str, int]:
    living = DataSubject.objects.filter(erased_at__isnull=True).values_list("pk", flat=True)
    return {str(version): people for version, people in Counter(latest_consents(list(living)).values()).items()}


def test_a_registration_counts_once_and_a_switch_changes_nothing():
    version = make_policy("intl")
    registered()
    switch_purpose(subject=DataSubject.objects.get(), key="product_news", on=True, channel="web")
    assert people_by_version() == {str(version.pk): 1}


def test_a_person_who_accepts_a_new_version_is_counted_there():
    old = make_policy("intl")
    person = make_person()
    new = make_policy("intl", text="More.")
    accept_version(subject=person.subject, digest=new.digest, language="en", channel="web", purposes=[])
    assert people_by_version() == {str(new.pk): 1}
    assert old.pk != new.pk


def test_erased_people_are_not_counted(settings):
    settings.COOLING_OFF = settings.COOLING_OFF * 0
    version = make_policy("intl")
    stays, goes = make_person(), make_person()
    cancel_account(subject=goes.subject)
    erase_due_accounts()
    assert DataSubject.objects.get(pk=goes.subject_id).erased_at
    assert people_by_version() == {str(version.pk): 1}
    assert latest_consents([stays.subject_id]) == {stays.subject_id: version.pk}


def test_what_the_previous_release_did_not_count_is_mended(settings):
    settings.COOLING_OFF = settings.COOLING_OFF * 0
    old, people = make_policy("intl"), [make_person() for _ in range(3)]
    new = make_policy("intl", text="More.")
    accept_version(subject=people[0].subject, digest=new.digest, language="en", channel="web", purposes=[])
    cancel_account(subject=people[1].subject)
    erase_due_accounts()
    ConsentTally.objects.all().delete()
    ConsentTally.objects.create(version=old, change=7)
    assert mend_tallies() == 7
    assert people_by_version() == {str(old.pk): 1, str(new.pk): 1} == counted_one_by_one()
    assert mend_tallies() == 0


@hypothesis_settings(
    max_examples=examples(6, 15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12), every=st.integers(2, 5))
def test_the_counts_equal_a_full_count_whatever_people_agree_to(db, acts, every):
    ConsentTally.objects.all().delete()
    before = Counter(counted_one_by_one())
    subjects, versions = [make_subject() for _ in range(4)], [make_policy() for _ in range(3)]
    for number, (subject, version) in enumerate(acts):
        agree(subjects[subject], versions[version])
        if number % every == 0:
            fold_tallies(batch=3)
    assert people_by_version() == dict(Counter(counted_one_by_one()) - before)


def test_folding_leaves_one_row_of_each_version():
    versions = [make_policy(), make_policy()]
    for number in range(10):
        agree(make_subject(), versions[number % 2])
    counted = people_by_version()
    assert fold_tallies(batch=4) > 0
    fold_tallies()
    assert ConsentTally.objects.count() == 2
    assert people_by_version() == counted == {str(version.pk): 5 for version in versions}
    assert fold_tallies() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_that_fold_at_once_lose_no_count():
    version = make_policy()
    for _ in range(20):
        agree(make_subject(), version)
    assert in_parallel(4, lambda _number: fold_tallies(batch=7)) == ["done"] * 4
    assert people_by_version() == {str(version.pk): 20}
