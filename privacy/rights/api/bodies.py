"""The bodies of `requests`, and what they answer with."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from privacy.inventory.code_field import LONGEST_MESSAGE
from privacy.policies.grounds import DeletionGround, RetentionGround
from privacy.rest.bodies import Body, Choice, Flag, Text
from privacy.rights.choices import About, Channel, ExtensionReason, ItemState, PortalAnswer, Proof, Right
from privacy.rights.forms.people import GROUNDS, MOST_CONTACT, MOST_TEXT
from privacy.rights.models.evidence import RequestRecord

MOST_ITEMS = len(Right)
GROUND_CODES = [str(ground) for ground, _label in GROUNDS]
LANGUAGES = [code for code, _name in settings.LANGUAGES]


class ContactGiven(Body):
    """Where the answer goes: one of the two."""

    email = Text(required=False, max_length=MOST_CONTACT, help_text="An e-mail address.")
    phone = Text(required=False, max_length=MOST_CONTACT, help_text="A mobile number with its country code.")


class ItemGiven(Body):
    """One right that is asked for."""

    right = Choice(Right.values)
    ground = Choice(
        GROUND_CODES, required=False, help_text="Why the data must be deleted; only with `deletion`, and needed there."
    )
    text = Text(
        required=False,
        allow_blank=True,
        max_length=MOST_TEXT,
        help_text="What it is about. Needed for `correction`, `objection`, `complaint` and `question`.",
    )


class RequestGiven(Body):
    """A new request. Signed-in people need no `country`, and `contact` is one of their verified addresses."""

    country = Text(
        required=False,
        schema={"pattern": "^[A-Z]{2}$"},
        help_text="Where the person lives (ISO 3166-1). Needed without a sign-in.",
    )
    language = Choice(
        LANGUAGES, required=False, help_text="The language of the answer; default that of `Accept-Language`."
    )
    contact = ContactGiven(required=False, help_text="Needed without a sign-in.")
    about = Choice(
        About.values,
        required=False,
        help_text=(
            "Whose data: one's own (default), somebody `other`'s, or one's own in somebody else's account (`named`, "
            "which needs a `text`). Staff deal with all but the first."
        ),
    )
    attested = Flag(
        required=False,
        help_text="True if the person states that they may act for the `other` person. Needed there. Do not preset it.",
    )
    items = ItemGiven(
        many=True,
        min_length=1,  # type: ignore[call-arg]  # of the list, which `many` makes
        max_length=MOST_ITEMS,
        help_text="Each right at most once.",
    )


class ProofGiven(Body):
    """A code that proves who asks."""

    code = Text(max_length=LONGEST_MESSAGE, help_text="The 6-digit code that was sent.")


class WithdrawalGiven(Body):
    """What of a request is withdrawn."""

    right = Choice(Right.values, required=False, help_text="One item; without it, all that can still be withdrawn.")


class ReasonsShown(serializers.Serializer):
    """Why an item was refused, also in part."""

    exception = serializers.ChoiceField(RetentionGround.values)
    legal_basis = serializers.CharField()
    kept = serializers.ListField(child=serializers.CharField(), help_text="The classes of data that are kept.")
    kept_until = serializers.DateTimeField(allow_null=True)
    regulator = serializers.CharField(help_text="The authority that takes complaints.")
    complaint_url = serializers.CharField(help_text="Its page; empty where it is not known.")
    court = serializers.CharField()


class ItemAnswerShown(serializers.Serializer):
    """What the portal itself answered to an item; what staff wrote is in `answers`."""

    code = serializers.ChoiceField(PortalAnswer.values)
    text = serializers.CharField(help_text="In the requested language.")


class ItemShown(serializers.Serializer):
    """One right that was asked for, with its outcome."""

    right = serializers.ChoiceField(Right.values)
    ground = serializers.ChoiceField(DeletionGround.values, allow_null=True, help_text="The ground of a deletion.")
    state = serializers.ChoiceField(ItemState.values)
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = serializers.CharField(
        allow_null=True, help_text="A role in the requested language, never a name. Null while it is not decided."
    )
    answer = ItemAnswerShown(
        allow_null=True, help_text="Null if staff answered it, while it is not decided, or before a fresh proof."
    )
    reasons = ReasonsShown(allow_null=True, help_text="Null if it was not refused, or before a fresh proof.")


class AnswerShown(serializers.Serializer):
    """Words of staff to the person."""

    at = serializers.DateTimeField()
    text = serializers.CharField()
    language = serializers.CharField()
    by = serializers.CharField(help_text="A role.")


class StepShown(serializers.Serializer):
    """One step of a request."""

    at = serializers.DateTimeField()
    act = serializers.ChoiceField(RequestRecord.Act.values)
    right = serializers.ChoiceField(Right.values, allow_null=True)
    outcome = serializers.ChoiceField(ItemState.values, allow_null=True)
    by = serializers.CharField(help_text="A role.")


class ExtensionShown(serializers.Serializer):
    """Why more time is needed; `due_at` of the request is the new one."""

    reason = serializers.ChoiceField(
        ExtensionReason.values, allow_null=True, help_text="Null until the person proved again who asks."
    )
    text = serializers.CharField(allow_null=True, help_text="Null until the person proved again who asks.")
    first_due_at = serializers.DateTimeField(help_text="By when we were to answer first.")


class RequestShown(serializers.Serializer):
    """A request with its items."""

    reference = serializers.CharField()
    received_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="By when it is answered, the last second that is in time.")
    closed_at = serializers.DateTimeField(allow_null=True)
    channel = serializers.ChoiceField(Channel.values)
    about = serializers.ChoiceField(About.values, help_text="Whose data.")
    state = serializers.ChoiceField(
        ["received", "open", "closed"], help_text="`received` while an item waits for the proof of who asks."
    )
    proof = serializers.ChoiceField(Proof.values, allow_null=True, help_text="How the person proved who asks.")
    items = ItemShown(many=True)


class RequestInFull(RequestShown):
    """A request with its steps and answers."""

    second_code_sent = serializers.BooleanField(
        help_text="A second code was sent to another contact point of the account; send it to `proof`, too."
    )
    extension = ExtensionShown(allow_null=True, help_text="Null unless the time was extended and the person told.")
    answers = AnswerShown(many=True, allow_null=True, help_text="Null until the person proved again who asks.")
    steps = StepShown(many=True)


class RequestFiled(RequestShown):
    """A new request, with the secret that opens it."""

    token = serializers.CharField(help_text="Send it as `Request-Token`. It is shown here only.")


EXAMPLE: dict[str, Any] = {
    "country": "DE",
    "language": "en",
    "contact": {"email": "ada@example.com"},
    "items": [
        {"right": "access", "text": "Everything since 2021."},
        {"right": "deletion", "ground": "6.3.1"},
    ],
}
