"""Who filed a request may be a stranger: after the owner proved it, its link alone neither acts nor tells."""

import pytest
from django.test import Client

from accounts.users.models import User
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.choices import ItemState
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.proof.proving import check_code
from tests.app import App
from tests.factories import make_policy
from tests.privacy.rights.filing import item_of
from tests.privacy.rights.pages import code_to, confirm, file, text_of, with_email, without_what_differs

MINE, NOBODY = "ada@example.com", "nobody@example.com"


@pytest.fixture(autouse=True)
def owner() -> User:
    """A person with a mailbox, who types the codes that they get."""
    make_policy("intl", label="1")
    return with_email(MINE)


def of_a_stranger(address: str, **data: object) -> tuple[Client, str, RightsRequest]:
    """A stranger files a request for an address, whose owner proves it elsewhere."""
    stranger = Client()
    page = file(stranger, contact=address, **data)
    request = RightsRequest.objects.latest("received_at")
    check_code(request=request, code=code_to(address))
    carry_out_due()
    request.refresh_from_db()
    return stranger, page, request


@pytest.mark.parametrize("right", ["deletion", "restriction", "withdrawal"])
def test_a_stranger_does_not_learn_whether_there_is_an_account(right: str):
    ground = {"ground": "6.3.4"} if right == "deletion" else {}
    pages = []
    for address in (MINE, NOBODY):
        stranger, page, request = of_a_stranger(address, rights=[right], **ground)
        listed = text_of(stranger.get("/requests/"))
        assert "Closed" not in listed
        pages.append(without_what_differs(stranger.get(page), request, address))
    assert pages[0] == pages[1]


def test_nor_over_rest():
    shown = []
    for address in (MINE, NOBODY):
        body = {"country": "DE", "contact": {"email": address}, "items": [{"right": "deletion", "ground": "6.3.1"}]}
        filed = App().post("requests", body).json()
        place, secret = f"requests/{filed['reference']}", {"Request_Token": filed["token"]}
        proven = App().post(f"{place}/proof", {"code": code_to(address)}, **secret).json()
        assert proven["state"] in {"open", "closed"}
        carry_out_due()
        answer = App().get(place, **secret).json()
        shown.append([answer["state"], answer["items"], [step["act"] for step in answer["steps"]], answer["closed_at"]])
        assert App().post(f"{place}/withdraw", **secret).status_code == 409
    assert shown[0] == shown[1]
    assert {item.state for item in RequestItem.objects.all()} == {ItemState.COOLING_OFF, ItemState.DONE}


def test_a_stranger_withdraws_nothing_after_the_proof_and_the_owner_does():
    stranger, page, request = of_a_stranger(MINE, rights=["correction"], text="My address")
    stranger.post(f"{page}withdraw/")
    assert item_of(request, "correction").state == ItemState.WITH_STAFF
    stranger.post(f"{page}new-code/")
    confirm(stranger, page, code_to(MINE))  # who reads the mailbox is no stranger
    stranger.post(f"{page}withdraw/")
    assert item_of(request, "correction").state == ItemState.WITHDRAWN


def test_what_needs_no_proof_is_shown_and_withdrawn_by_the_link():
    stranger, page, request = of_a_stranger(MINE, rights=["question", "correction"], text="Why?")
    assert text_of(stranger.get(page)).count("A member of our staff is dealing with it") == 1
    stranger.post(f"{page}withdraw/")
    states = [item_of(request, right).state for right in ("question", "correction")]
    assert states == [ItemState.WITHDRAWN, ItemState.WITH_STAFF]
