"""An empty, wrong or shared keys database is refused in one line; no system key is made in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections, transaction

from portal.runtime.database_pairing import _takes_lock, refuse_one_database, refuse_wrong_databases
from privacy.encryption import keys
from privacy.encryption.fingerprint import WrongKeysDatabase
from privacy.encryption.keys import create_keys, system_key
from privacy.encryption.models import DataKey, KeysFingerprint, SystemKey
from privacy.encryption.pairing import pair_databases
from privacy.subjects.models import DataSubject
from tests.factories import make_person
from tests.portal.test_production import production


def empty_keys() -> None:
    """Stand for the address of another, empty keys database."""
    DataKey.objects.all().delete()
    SystemKey.objects.all().delete()
    keys._system_keys.clear()
    keys.forget_keys()


def test_the_first_start_pairs_two_empty_databases_and_the_next_finds_the_pair():
    for _start in range(2):
        refuse_wrong_databases()
    assert KeysFingerprint.objects.count() == 1
    make_person()
    refuse_wrong_databases()


def test_an_empty_keys_database_is_refused_and_stays_empty():
    make_person()
    pair_databases()
    empty_keys()
    with pytest.raises(WrongKeysDatabase, match="is empty, and the data database has data"):
        refuse_wrong_databases()
    for name in ("blind-index", "evidence", "a new one"):
        with pytest.raises(WrongKeysDatabase, match="is empty"):
            system_key(name)
    assert not SystemKey.objects.exists()


def test_the_keys_database_of_other_data_is_refused():
    pair_databases()
    empty_keys()
    KeysFingerprint.objects.update(fingerprint="0" * 64)
    SystemKey.objects.create(name="blind-index", wrapped=b"", master_key="none")
    with pytest.raises(WrongKeysDatabase, match="MASTER_KEYS does not open the keys database"):
        pair_databases()
    SystemKey.objects.all().delete()
    KeysFingerprint.objects.all().delete()
    system_key("blind-index")
    KeysFingerprint.objects.create(fingerprint="0" * 64)
    with pytest.raises(WrongKeysDatabase, match="does not belong to the data database"):
        pair_databases()
    with pytest.raises(WrongKeysDatabase, match="does not belong to the data database"):
        system_key("a new one")


def test_data_of_an_earlier_version_are_paired_with_the_keys_of_their_people_only():
    make_person()
    pair_databases()
    KeysFingerprint.objects.all().delete()
    DataKey.objects.all().delete()
    with pytest.raises(WrongKeysDatabase, match="has no keys of the people"):
        pair_databases()
    assert not KeysFingerprint.objects.exists()
    create_keys(DataSubject.objects.get().pk, ["account"])
    pair_databases()
    assert KeysFingerprint.objects.exists()


def test_keys_of_other_data_are_refused_beside_an_empty_data_database():
    create_keys(DataSubject(jurisdiction="intl").pk, ["account"])
    with pytest.raises(WrongKeysDatabase, match=r"data database \(DATABASE_URL\) is empty"):
        pair_databases()
    assert not SystemKey.objects.exists()


@pytest.mark.postgres
def test_one_database_by_two_addresses_is_found_by_asking_it(tmp_path: Path):
    given = connections["default"].settings_dict
    url = f"postgres://{given['USER']}:{given['PASSWORD']}@{{}}:{given['PORT'] or 5432}/{given['NAME']}"
    environment = production(
        tmp_path,
        DATABASE_URL=url.format("127.0.0.1"),
        KEYS_DATABASE_URL=url.format("localhost"),
        PATH=os.environ["PATH"],
    )
    code = (
        "import django; django.setup(); from portal.runtime.database_pairing import refuse_one_database as ask; ask()"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code],
        env=environment | {"DJANGO_SETTINGS_MODULE": "portal.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "KEYS_DATABASE_URL leads to the same database as DATABASE_URL" in asked.stderr


@pytest.mark.postgres
def test_two_databases_of_one_server_are_two(settings):
    settings.IN_PRODUCTION = True
    number = 493817
    with transaction.atomic(using="default"), transaction.atomic(using="keys"):
        assert [_takes_lock(alias, number) for alias in ("default", "keys")] == [True, True]
    assert refuse_one_database() is None
