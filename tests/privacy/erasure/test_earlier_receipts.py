"""A restore loses issued receipts: new ones say so, and confirm those that were printed."""

import json

from django.core.management import call_command
from django.test import Client

from privacy.erasure.erasing import erase_due_accounts
from privacy.erasure.models import EarlierReceipt, ErasureCase, ErasureReceipt
from privacy.erasure.replay import replay_erasures
from privacy.journal.services import write_journal
from tests import journal
from tests.app import App
from tests.chains import chain_errors
from tests.erasures import erase, held, release
from tests.factories import make_person
from tests.privacy.erasure.restores import restored_after
from tests.privacy.erasure.test_cancel_page import as_json


def lose_a_receipt() -> ErasureReceipt:
    user = make_person()
    with restored_after("default", "keys"):
        erase(user)
        return ErasureReceipt.objects.select_related("version").latest("position")


def page(client: Client) -> str:
    return client.get(f"/receipts/{ErasureCase.objects.latest('cancelled_at').reference}/").content.decode()


def test_a_receipt_is_copied_by_numbers_times_and_hashes_and_nothing_else():
    erase(make_person())
    write_journal()
    receipt = ErasureReceipt.objects.get()
    [line] = journal.text("receipts").splitlines()
    found = json.loads(line)
    assert len(bytes.fromhex(found.pop("mac"))) == 32
    assert found == {
        "position": receipt.position,
        "id": str(receipt.pk),
        "reference": receipt.reference,
        "erased_at": receipt.erased_at.isoformat(),
        "version_id": str(receipt.version_id),
        "hash": bytes(receipt.hash).hex(),
    }


def test_a_receipt_after_a_replay_says_when_the_person_was_first_erased_and_confirms_the_printed_one(client: Client):
    lost = lose_a_receipt()
    assert replay_erasures().counts["receipts"] == 1
    again = ErasureReceipt.objects.get()
    assert ErasureCase.objects.get().erased_at == lost.erased_at
    shown = page(client)
    assert f'<h2>Erased</h2><p><time datetime="{lost.erased_at:%Y-%m-%dT%H:%M:%S}' in shown
    assert f'<h2>Erased again</h2><p><time datetime="{again.erased_at:%Y-%m-%dT%H:%M:%S}' in shown
    assert f"Entry {lost.position}, <code>{lost.fingerprint}</code>: erased" in shown
    assert f"Under policy version {lost.version.label}." in shown
    assert "What was erased again" in shown
    found = App().get(f"receipts/{lost.reference}").json()
    assert (found["erased_at"], found["erased_again_at"]) == (as_json(lost.erased_at), as_json(again.erased_at))
    entry = {"entry": lost.position, "hash": bytes(lost.hash).hex(), "erased_at": as_json(lost.erased_at)}
    assert found["earlier"] == [entry]


def test_a_receipt_that_no_restore_lost_says_nothing_of_earlier_ones(client: Client):
    erase(make_person())
    lose_a_receipt()
    replay_erasures()
    [kept] = ErasureReceipt.objects.exclude(reference__in=EarlierReceipt.objects.values("reference"))
    shown = client.get(f"/receipts/{kept.reference}/").content.decode()
    assert "Earlier receipts" not in shown
    assert "Erased again" not in shown


def test_a_second_restore_still_confirms_the_first_receipt(client: Client):
    user = make_person()
    with restored_after("default", "keys"):
        with restored_after("default", "keys"):
            erase(user)
            first = ErasureReceipt.objects.get()
        replay_erasures()
        second = ErasureReceipt.objects.get()
    assert replay_erasures().counts["receipts"] == 2
    shown = page(client)
    for lost in (first, second):
        assert lost.fingerprint in shown
    assert f'<h2>Erased</h2><p><time datetime="{first.erased_at:%Y-%m-%dT%H:%M:%S}' in shown
    assert replay_erasures().counts["receipts"] == 0
    assert list(chain_errors(EarlierReceipt)) == []


def test_both_receipts_of_a_case_that_a_hold_kept_are_confirmed(client: Client):
    user = make_person()
    with restored_after("default", "keys"):
        hold = held(user, "contact")
        erase(user)
        release(hold)
        erase_due_accounts()
        lost = list(ErasureReceipt.objects.order_by("position"))
    assert replay_erasures().counts["receipts"] == len(lost) == 2
    shown = page(client)
    assert all(receipt.fingerprint in shown for receipt in lost)


def test_the_command_says_how_many_receipts_are_lost(capsys):
    lose_a_receipt()
    call_command("replay_erasures")
    assert "Earlier receipts lost: 1. The new receipts name them." in capsys.readouterr().out
