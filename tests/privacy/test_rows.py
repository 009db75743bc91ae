"""Rows that are written by statements of our own: as the ORM writes them, and all or none."""

import pytest
from django.db import IntegrityError, transaction

from accounts.profiles.models import Correction, Profile
from accounts.users.models import User
from privacy.database.rows import TOGETHER, delete_returning, insert_rows, write_together
from privacy.subjects.models import DataSubject
from tests.factories import make_person, make_subject

# Whoever writes is in a transaction, or is not: both hold.
EITHER = pytest.mark.parametrize("in_transaction", [True, False])


def correction(subject: DataSubject, field: str = "name") -> Correction:
    return Correction(subject=subject, field=field, by="self")


def write(in_transaction: bool, *arguments: object) -> None:
    if in_transaction:
        with transaction.atomic():
            write_together(*arguments)
    else:
        write_together(*arguments)


def test_rows_of_several_models_and_an_update_are_stored_together():
    profile = Profile.objects.get(subject=make_person().subject)
    profile.name = "Ана Петровић"
    subject = DataSubject(jurisdiction="intl")
    new = [subject, correction(profile.subject), correction(profile.subject, "country")]
    write_together(new, (profile, ["name"]))
    assert Profile.objects.get(pk=profile.pk).name == "Ана Петровић"
    assert sorted(Correction.objects.values_list("field", flat=True)) == ["country", "name"]
    assert DataSubject.objects.get(pk=subject.pk).jurisdiction == "intl"


def test_what_the_database_fills_in_is_read_where_somebody_asks():
    row = correction(make_subject())
    write_together([row])
    assert row.at == Correction.objects.get(pk=row.pk).at


@pytest.mark.django_db(transaction=True)
@EITHER
def test_where_one_row_is_refused_none_is_stored(in_transaction: bool):
    subject, taken = make_subject(), User.objects.create(subject=make_subject(), username="a", username_index="anna")
    new = [correction(subject), User(subject=subject, username="anna", username_index="anna"), correction(subject)]
    with pytest.raises(IntegrityError):
        write(in_transaction, new)
    assert not Correction.objects.exists()
    assert list(User.objects.all()) == [taken]


@pytest.mark.django_db(transaction=True)
@EITHER
def test_where_the_row_to_change_is_gone_nothing_is_stored(in_transaction: bool):
    profile = Profile.objects.get(subject=make_person().subject)
    Profile.objects.filter(pk=profile.pk).delete()
    with pytest.raises(Profile.DoesNotExist):
        write(in_transaction, [correction(profile.subject)], (profile, ["name"]))
    assert not Correction.objects.exists()


def test_a_change_alone_is_written():
    profile = Profile.objects.get(subject=make_person().subject)
    profile.company_name = "Groß & Söhne"
    write_together([], (profile, ["company_name"]))
    assert Profile.objects.get(pk=profile.pk).company_name == "Groß & Söhne"


@pytest.mark.parametrize("many", [0, 1, TOGETHER, TOGETHER + 1, 100])
def test_any_number_of_rows_of_one_model_is_stored(many: int):
    subject = make_subject()
    insert_rows([correction(subject) for _ in range(many)])
    assert Correction.objects.filter(subject=subject).count() == many


@pytest.mark.postgres
def test_many_rows_take_one_statement(django_assert_num_queries):
    subject = make_subject()
    with django_assert_num_queries(1):
        write_together([correction(subject) for _ in range(TOGETHER)])


def test_what_is_deleted_says_whose_it_was():
    whose = [make_subject() for _ in range(3)]
    insert_rows([correction(subject) for subject in whose + whose[:1]])
    gone = delete_returning(Correction.objects.exclude(subject=whose[2]), "subject")
    assert sorted(gone) == sorted(subject.pk for subject in [*whose[:2], whose[0]])
    assert Correction.objects.get().subject == whose[2]


def test_of_nobody_nothing_is_deleted():
    insert_rows([correction(make_subject())])
    assert delete_returning(Correction.objects.filter(subject__pk__any=[]), "subject") == []
    assert Correction.objects.exists()
