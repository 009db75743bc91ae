"""Master keys rotate while the portal serves; a stopped rotation continues; no destroyed key is restored."""

import base64
import secrets
from io import StringIO
from itertools import islice

import pytest
from django.core.management import CommandError, call_command

from accounts.profiles.models import Profile
from privacy.encryption.keys import KeyDestroyed, destroy_keys, forget_keys, system_key
from privacy.encryption.master_keys import CannotOpen
from privacy.encryption.models import DataKey, SystemKey
from privacy.encryption.rotation import keys_by_master, rewrap_keys
from privacy.inventory.retention_classes import SEALED_CLASSES
from tests.factories import make_person

NEW = secrets.token_bytes(32)


@pytest.fixture
def rotating(settings):
    """People under the old master key; the new one is first from now on."""
    people = [make_person() for _ in range(5)]
    settings.MASTER_KEYS = {"new": NEW, **settings.MASTER_KEYS}
    forget_keys()
    return people


def names(people) -> list[str]:
    forget_keys()
    return [Profile.objects.get(subject_id=person.subject_id).name for person in people]


def test_after_a_rotation_the_old_master_key_can_be_taken_away(rotating, settings):
    before = bytes(DataKey.objects.earliest("pk").wrapped)
    call_command("rotate_master_key", stdout=StringIO())
    settings.MASTER_KEYS = {"new": NEW}
    assert names(rotating) == ["Maria Petrović"] * 5
    assert set(keys_by_master()) == {"new"}
    assert bytes(DataKey.objects.earliest("pk").wrapped) != before


def test_the_system_keys_rotate_too(rotating, settings):
    from privacy.encryption import keys

    before = system_key("blind-index")
    list(rewrap_keys())
    keys._system_keys.clear()
    settings.MASTER_KEYS = {"new": NEW}
    assert system_key("blind-index") == before
    assert set(SystemKey.objects.values_list("master_key", flat=True)) == {"new"}


def test_a_stopped_rotation_continues_where_it_stopped(rotating):
    list(islice(rewrap_keys(batch=2), 3))
    under = keys_by_master()
    assert under["new"]
    assert len(under) == 2
    assert names(rotating) == ["Maria Petrović"] * 5
    rest = sum(rewrap_keys(batch=2))
    assert rest == sum(under.values()) - under["new"]
    assert set(keys_by_master()) == {"new"}


def test_keys_are_counted_by_what_wraps_them_those_of_the_system_too(rotating, settings):
    [_new, old] = settings.MASTER_KEYS
    everything = DataKey.objects.count() + SystemKey.objects.count()
    assert keys_by_master() == {old: everything}
    destroy_keys([rotating[0].subject_id])
    assert keys_by_master() == {old: everything - len(SEALED_CLASSES)}
    system_keys = SystemKey.objects.count()
    assert [*rewrap_keys(batch=100)] == [system_keys, everything - system_keys - len(SEALED_CLASSES)]


def test_a_destroyed_key_is_not_restored(rotating):
    destroy_keys([rotating[0].subject_id])
    list(rewrap_keys())
    tombstones = DataKey.objects.filter(owner=rotating[0].subject_id)
    assert all(key.wrapped is None and key.destroyed_at for key in tombstones)
    forget_keys()
    with pytest.raises(KeyDestroyed):
        str(Profile.objects.get(subject_id=rotating[0].subject_id).name)


def test_without_the_old_master_key_nothing_is_changed_and_the_command_says_what_to_do(rotating, settings):
    settings.MASTER_KEYS = {"new": NEW}
    with pytest.raises(CommandError, match="Add it to MASTER_KEYS again"):
        call_command("rotate_master_key", stdout=StringIO())
    assert not DataKey.objects.filter(master_key="new", owner__in=[p.subject_id for p in rotating]).exists()


def test_a_wrapped_key_that_was_swapped_with_another_never_opens():
    first, second = make_person(), make_person()
    mine, other = (DataKey.objects.get(owner=p.subject_id, retention_class="account") for p in (first, second))
    DataKey.objects.filter(pk=mine.pk).update(wrapped=bytes(other.wrapped))
    forget_keys()
    with pytest.raises(CannotOpen):
        str(Profile.objects.get(subject_id=first.subject_id).name)


class Vault:
    """A key service that shifts every byte, in place of real encryption."""

    def current(self) -> str:
        return "vault-1"

    def wrap(self, key: bytes, associated: str) -> bytes:
        return base64.b64encode(key) + associated.encode()

    def unwrap(self, master_id: str, wrapped: bytes, associated: str) -> bytes:
        assert (master_id, wrapped[44:].decode()) == ("vault-1", associated)
        return base64.b64decode(wrapped[:44])


def test_a_key_service_can_take_the_place_of_the_configured_keys(settings):
    from privacy.encryption import keys

    keys._system_keys.clear()
    SystemKey.objects.all().delete()
    settings.MASTER_KEY_PROVIDER = f"{__name__}.Vault"
    person = make_person()
    assert names([person]) == ["Maria Petrović"]
    assert set(keys_by_master()) == {"vault-1"}
