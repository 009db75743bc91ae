"""What a request for a hold must name: a ground, classes, a legal basis, an end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.holds.forms import HoldForm
from privacy.holds.legal_basis import is_legal_basis
from privacy.holds.models import LegalHold
from privacy.holds.services import HoldRefused, ask_for_hold
from privacy.inventory.retention_classes import HOLDABLE_CLASSES
from privacy.journal.models import JournalEntry
from privacy.policies.grounds import RetentionGround
from tests.erasures import ASKS, asked, held, release
from tests.factories import make_person


def test_there_are_eleven_exceptions():
    assert RetentionGround.values == [f"1.7.{number}" for number in range(1, 12)]


@pytest.mark.parametrize("exception", ["1.7.12", "1.7", "6.3.1", "", "1.7.3 "])
def test_an_exception_that_is_not_listed_is_refused(exception: str):
    with pytest.raises(HoldRefused):
        asked(make_person(), exception=exception)


@pytest.mark.parametrize("classes", [(), ("sign_in",), ("account", "nothing"), ("evidence",)])
def test_only_what_may_be_held_is(classes: tuple[str, ...]):
    with pytest.raises(HoldRefused, match="classes"):
        ask_for_hold(
            subject=make_person().subject,
            exception="1.7.3",
            legal_basis="Order 1",
            classes=classes,
            until=timezone.now() + timedelta(days=1),
            by=ASKS,
        )


def test_a_hold_needs_a_basis_and_an_end_ahead():
    user = make_person()
    with pytest.raises(HoldRefused, match="in the future"):
        asked(user, days=0)
    with pytest.raises(HoldRefused, match="basis"):
        ask_for_hold(
            subject=user.subject,
            exception="1.7.3",
            legal_basis="  ",
            classes=["account"],
            until=timezone.now() + timedelta(days=1),
            by=ASKS,
        )


def test_everything_that_may_be_held_may_be_held_at_once():
    assert asked(make_person(), *HOLDABLE_CLASSES).classes == [
        "account",
        "contact",
        "corrections",
        "requests",
        "security",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"exception": "2.1"}, "“2.1” is not a ground for keeping data."),
        (
            {"classes": ["sign_in"]},
            "Name one or more of these classes: account, contact, security, corrections, requests.",
        ),
        (
            {"legal_basis": " "},
            "Enter the legal basis: a law and its article, or an order and its number. Do not enter a name.",
        ),
        ({"until": timezone.now()}, "The end of a hold must be in the future."),
    ],
    ids=["exception", "classes", "basis", "end"],
)
def test_a_refusal_says_in_a_sentence_what_to_do(wrong: dict[str, object], said: str):
    right = {"exception": "1.7.3", "legal_basis": "Order 1", "classes": ["account"]}
    right["until"] = timezone.now() + timedelta(days=1)
    with pytest.raises(HoldRefused) as refused:
        ask_for_hold(subject=make_person().subject, by=ASKS, **(right | wrong))
    assert str(refused.value) == said
    assert not LegalHold.objects.exists()


def test_classes_that_are_named_twice_are_held_once():
    assert asked(make_person(), "contact", "account", "contact").classes == ["account", "contact"]


def test_the_journal_says_what_was_held_and_released():
    hold = held(make_person(), "contact", "security")
    release(hold)
    held_again, released = JournalEntry.objects.order_by("position")
    for entry in (held_again, released):
        assert (entry.subject_id, entry.item, entry.clause) == (hold.subject_id, hold.pk, "1.7.3")
        assert (entry.classes, entry.due_at) == (["contact", "security"], hold.until)
        assert timezone.now() - entry.at < timedelta(minutes=1)
    assert (held_again.kind, released.kind) == ("hold_approved", "hold_released")


@pytest.mark.parametrize(
    "basis",
    [
        "GDPR art. 17(3)(e)",
        "PIPL art. 47",
        "StPO § 94",
        "HGB § 257 (1)",
        "Law 87/2018 art. 3",
        "Regulation (EU) 2016/679 art. 17(3)(b)",
        "Order 7",
        "Court order 12/2026",
        "Court order 12 K 345/2026",
        "Judgment 1 BvR 2656/18",
        "Warrant 1:26-cv-01234",
        "Judgment (2026)京0105民初12345号",
        "File No. 7/2026",
        "Judgment （2026）最高法民申123号",
        "Judgment XII ZR 12/20",
        "Judgment C-131/12",
        "Request 123 Js 456/26",
        "GDPR art. 6(1)(f)",
    ],
)
def test_a_law_with_its_article_or_an_act_with_its_number_is_a_basis(basis: str):
    assert is_legal_basis(basis)


@pytest.mark.parametrize(
    "basis",
    [
        "Maria Petrović, 0641234567, HIV",
        "Maria Petrović",
        "Order Maria 7",
        "Request 12 Li Wei",
        "Judgment (2026)京王小明12号",
        "Order 1 Ali Bin Abu",
        "File 12 Kim",
        "File Kim 12",
        "File 12 HIV",
        "File 1-2-75",
        "Order 01.02.75",
        "GDPR art. 9(Max)(Lee)(ill)",
        "Law 491512/345678",
        "Order against Maria Petrović 12/2026",
        "Order 0641234567",
        "Order 064 123 4567",
        "Order 064/123/4567",
        "Order 12.03.1980",
        "Order 12/03/1980",
        "Order",
        "GDPR",
        "HIV 12/2026",
        "GDPR art. 9, HIV",
        "Order m@example.org",
        "Judgment 张伟 1",
        "Order 12/2026\n",
        " Order 12/2026",
        "Order " + "1/" * 40 + "1",
        "",
    ],
)
def test_no_name_no_phone_and_no_story_is_one(basis: str):
    assert not is_legal_basis(basis)
    form = HoldForm(
        {
            "subject": str(make_person().subject_id),
            "exception": "1.7.3",
            "legal_basis": basis,
            "classes": ["account"],
            "until": timezone.now() + timedelta(days=30),
        }
    )
    # A form's field trims blanks before it looks.
    assert form.is_valid() == is_legal_basis(basis.strip())


def test_a_hold_lasts_no_longer_than_the_longest_and_the_form_says_so(settings):
    settings.LONGEST_HOLD = timedelta(days=100)
    user = make_person()
    assert asked(user, days=99)
    with pytest.raises(HoldRefused, match="100 days at most"):
        asked(user, days=101)
    form = HoldForm(
        {
            "subject": str(user.subject_id),
            "exception": "1.7.3",
            "legal_basis": "Order 7",
            "classes": ["account"],
            "until": "2099-01-01 00:00",
        }
    )
    assert "100 days at most" in str(form.errors["until"])
