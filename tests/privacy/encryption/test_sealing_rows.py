"""The values of a row are sealed and opened together exactly as each would be alone."""

import pytest

from accounts.profiles.models import Profile
from accounts.profiles.queries import profile_values
from privacy.encryption.fields import open_row
from privacy.encryption.keys import KeyDestroyed, destroy_keys
from privacy.encryption.master_keys import NONCE_BYTES, CannotOpen
from privacy.encryption.sealing import Place, SealedRow, seal, seal_row, unseal, unseal_row
from tests.factories import make_person, make_subject

pytestmark = pytest.mark.django_db
TEXTS = {"name": "Désirée", "country": "DE", "business_area": "", "company_name": "格罗斯"}


def test_a_row_opens_value_by_value_and_values_open_as_a_row():
    subject = make_subject().pk
    together = seal_row(TEXTS, SealedRow("t", "r", subject, "account"))
    places = {column: Place("t", column, "r", subject, "account") for column in TEXTS}
    assert {column: unseal(together[column], places[column]) for column in TEXTS} == TEXTS
    alone = {column: seal(text, places[column]) for column, text in TEXTS.items()}
    assert unseal_row(alone, SealedRow("t", "r", subject, "account")) == TEXTS


def test_every_value_of_a_row_has_a_nonce_of_its_own():
    row = SealedRow("t", "r", make_subject().pk, "account")
    sealed = [*seal_row(TEXTS, row).values(), *seal_row(TEXTS, row).values()]
    assert len({value[1 : 1 + NONCE_BYTES] for value in sealed}) == 2 * len(TEXTS)


def test_values_that_changed_places_within_a_row_never_open():
    row = SealedRow("t", "r", make_subject().pk, "account")
    sealed = seal_row(TEXTS, row)
    with pytest.raises(CannotOpen):
        unseal_row(sealed | {"name": sealed["country"], "country": sealed["name"]}, row)


def test_a_row_of_a_destroyed_key_neither_opens_nor_is_sealed():
    row = SealedRow("t", "r", make_subject().pk, "account")
    sealed = seal_row(TEXTS, row)
    destroy_keys([row.owner])
    with pytest.raises(KeyDestroyed):
        unseal_row(sealed, row)
    with pytest.raises(KeyDestroyed):
        seal_row(TEXTS, row)


def test_an_opened_row_has_the_values_that_reading_each_gives():
    person = make_person()
    each, whole = (Profile.objects.get(subject_id=person.subject_id) for _ in range(2))
    open_row(whole)
    assert {value.text for value in whole.__dict__.values() if hasattr(value, "sealed")} == {"Maria Petrović", "RS"}
    assert profile_values(whole) == profile_values(each)
    assert whole.name == "Maria Petrović"
