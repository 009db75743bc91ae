"""`me/cancellation` and `receipts/<reference>`."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import logout
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.erasure.earlier_receipts import earlier_receipts
from privacy.erasure.forms import ReferenceForm
from privacy.erasure.legal_holds import held_of
from privacy.erasure.models import EarlierReceipt, ErasureCase, ErasureReceipt
from privacy.erasure.queries import clauses_of, last_receipt
from privacy.erasure.services import AlreadyCancelled, TooLateToUndo, cancel_account
from privacy.policies.grounds import DeletionGround, RetentionGround
from privacy.policies.topics import deletion_topic, retention_topic
from privacy.recipients.models import Delivery
from privacy.recipients.queries import deliveries_of_case
from privacy.rest.bodies import Body, Flag
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with
from privacy.rest.problems import FRESH_SIGN_IN_REQUIRED, NOT_FOUND, RATE_LIMITED, Problem, problem_type
from privacy.rest.schema import operation

ALREADY_CANCELLED = problem_type("already_cancelled", 409, _("This account is already cancelled."))
TOO_LATE_TO_UNDO = problem_type(
    "too_late_to_undo", 409, _("This account can no longer be kept: the time to undo the cancellation has passed.")
)
answer_with(AlreadyCancelled, lambda _error: Problem(ALREADY_CANCELLED))
answer_with(TooLateToUndo, lambda _error: Problem(TOO_LATE_TO_UNDO))


HELD = ("legal_basis", "classes", "until")


class ErasedThing(serializers.Serializer):
    """How many items one data store erased or keeps."""

    holder = serializers.CharField()
    count = serializers.IntegerField()


class HeldThing(serializers.Serializer):
    """What a legal hold keeps, and until when."""

    ground = serializers.ChoiceField(
        RetentionGround.values, help_text="The ground, independent of the clause that states it."
    )
    clause = serializers.CharField(
        allow_null=True, help_text="The clause of the version that the person accepted. Null if none."
    )
    legal_basis = serializers.CharField()
    classes = serializers.ListField(child=serializers.CharField())
    until = serializers.DateTimeField()
    lost = serializers.ListField(
        child=serializers.CharField(), help_text="The classes whose data a restored backup does not contain."
    )


class IssuedReceipt(serializers.Serializer):
    """An earlier receipt that a restore lost, so that a printed one can still be found."""

    entry = serializers.IntegerField(help_text="The position of the receipt in the chain.")
    hash = serializers.CharField()
    erased_at = serializers.DateTimeField()


class ToldRecipient(serializers.Serializer):
    """A recipient of the data, what we notified it of, and whether it acknowledged this."""

    recipient = serializers.CharField()
    event = serializers.ChoiceField(Delivery.Event.values)
    classes = serializers.ListField(child=serializers.CharField())
    told_at = serializers.DateTimeField(help_text="When we first notified them.")
    deadline = serializers.DateTimeField(help_text="The deadline to acknowledge.")
    acknowledged_at = serializers.DateTimeField(allow_null=True, help_text="Null if not acknowledged yet.")
    by_other_means = serializers.BooleanField(help_text="True if our staff notified them by other means.")


class Receipt(serializers.Serializer):
    """The progress of an erasure, and what was erased and kept. It contains no name."""

    reference = serializers.CharField()
    state = serializers.ChoiceField(ErasureCase.State.values)
    ground = serializers.ChoiceField(
        DeletionGround.values, help_text="The ground, independent of the clause that states it."
    )
    clause = serializers.CharField(
        allow_null=True, help_text="The clause of the version that the person accepted. Null if none."
    )
    moved_to = serializers.CharField(
        allow_null=True, help_text="The jurisdiction to which the account moved. Null for one that was cancelled."
    )
    cancelled_at = serializers.DateTimeField()
    may_be_undone = serializers.BooleanField(help_text="Whether the owner can still sign in and keep the account.")
    undo_until = serializers.DateTimeField(
        allow_null=True, help_text="Null if the owner can no longer keep the account."
    )
    erased_by = serializers.DateTimeField(help_text="The deadline of the erasure.")
    erased_at = serializers.DateTimeField(allow_null=True, help_text="When it was first erased.")
    erased_again_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was erased again after a restore from a backup."
    )
    erased = ErasedThing(many=True)
    kept = ErasedThing(many=True)
    held = HeldThing(many=True, help_text="What legal holds keep. Before the erasure, what they would keep now.")
    recipients = ToldRecipient(many=True)
    earlier = IssuedReceipt(many=True)
    hash = serializers.CharField(allow_null=True, help_text="The hash of the receipt in the chain of evidence.")


class Confirmation(Body):
    """The confirmation of a cancellation."""

    confirmed = Flag(help_text="True if the person read what happens and confirmed it.")

    def validate_confirmed(self, confirmed: bool) -> bool:
        """Refuse anything but a yes."""
        if not confirmed:
            raise serializers.ValidationError(_("Confirm that you want to cancel the account."), "required")
        return confirmed


class Cancellation(Endpoint):
    """Cancel the account."""

    at_the_gate = True
    fresh_sign_in_for = ("POST",)

    @operation(
        "cancellation_add",
        "Cancel my account: ends every token at once; the data is erased after the cooling-off period",
        answers={201: Receipt},
        body=Confirmation,
        example={"confirmed": True},
        errors=[FRESH_SIGN_IN_REQUIRED, ALREADY_CANCELLED],
        description="Needs a fresh sign-in (`auth/again`). To undo, sign in and follow `account_cancelled`.",
        method="POST",
        at_the_gate=True,
        tag="Me",
    )
    def post(self, request: Request) -> Response:
        """Cancel."""
        self.checked(Confirmation)
        case = cancel_account(subject=self.subject)
        logout(self.http)
        return Response(present_receipt(case, None), status=201)


class ErasureReceiptOf(Endpoint):
    """The progress of an erasure, by its reference."""

    public = True
    limited_as = {"GET": "receipt", "HEAD": "receipt"}

    @operation(
        "receipt",
        "Get the progress of an erasure by its reference",
        answers={200: Receipt},
        errors=[NOT_FOUND, RATE_LIMITED],
        parameters=[
            OpenApiParameter("reference", str, OpenApiParameter.PATH, description="The reference in the notice.")
        ],
        public=True,
        tag="Receipts",
    )
    def get(self, request: Request, reference: str) -> Response:
        """Answer with the case and, once it is done, its receipt."""
        form = ReferenceForm({"reference": reference})
        if not form.is_valid():
            raise Http404
        case = ErasureCase.objects.get(reference=form.cleaned_data["reference"])
        return Response(present_receipt(case, last_receipt(case)))


def present_receipt(case: ErasureCase, receipt: ErasureReceipt | None) -> dict[str, Any]:
    """Return a case and its receipt as REST shows them."""
    counts = sorted(receipt.counts.items()) if receipt else []
    earlier = list(earlier_receipts(case)) if receipt else []
    cited = clauses_of(case, receipt)
    return {
        "reference": case.reference,
        "state": case.state,
        "ground": case.ground,
        "clause": cited.get(deletion_topic(case.ground)),
        "moved_to": case.moved_to or None,
        "cancelled_at": case.cancelled_at,
        "may_be_undone": case.may_be_undone,
        "undo_until": case.due_at if case.may_be_undone else None,
        "erased_by": case.deadline_at,
        "erased_at": case.erased_at,
        "erased_again_at": receipt.erased_at if receipt and earlier else None,
        "erased": [{"holder": holder, "count": count} for holder, count in counts],
        "kept": [{"holder": kept["holder"], "count": kept["count"]} for kept in (receipt.kept if receipt else [])],
        "held": [_present_held(hold, cited) for hold in held_of(case, receipt)],
        "recipients": [_present_delivery(delivery) for delivery in deliveries_of_case(case.pk)],
        "earlier": [_present_earlier(lost) for lost in earlier],
        "hash": bytes(receipt.hash).hex() if receipt else None,
    }


def _present_earlier(lost: EarlierReceipt) -> dict[str, Any]:
    return {"entry": lost.entry, "hash": bytes(lost.entry_hash).hex(), "erased_at": lost.erased_at}


def _present_held(hold: Mapping[str, Any], cited: Mapping[str, str]) -> dict[str, Any]:
    ground = hold["exception"]
    found = {"ground": ground, "clause": cited.get(retention_topic(ground)), "lost": hold.get("lost", [])}
    return found | {name: hold[name] for name in HELD}


def _present_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "recipient": delivery.recipient.name,
        "event": delivery.event,
        "classes": delivery.classes,
        "told_at": delivery.occurred_at,
        "deadline": delivery.deadline_at,
        "acknowledged_at": delivery.acknowledged_at,
        "by_other_means": delivery.state == Delivery.State.SETTLED,
    }
