"""`me/consents`: what I agreed to, with receipts; grant, withdraw, accept a changed policy."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.consent.members import PurposeKey, PurposeKeys
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import acts_of
from privacy.consent.receipts import ReceiptContext, receipt_context, receipt_of
from privacy.consent.services import Channel, NoConsent, PolicyNotInForce, accept_version, switch_purpose
from privacy.policies.models import PolicyVersion
from privacy.rest.bodies import Body, Flag, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with
from privacy.rest.problems import INVALID, RATE_LIMITED, Problem, problem_type
from privacy.rest.schema import PAGE, operation, paged

Act = ConsentRecord.Act
POLICY_NOT_IN_FORCE = problem_type(
    "policy_not_in_force", 409, _("Another text is in force. Show it, say what changed, and ask again.")
)
NO_CONSENT = problem_type("no_consent", 409, _("This account never agreed to a policy, so nothing can be changed."))


def not_in_force(current: PolicyVersion) -> Problem:
    """Return the problem of an agreement to a text that is not the one in force, with the one that is."""
    return Problem(
        POLICY_NOT_IN_FORCE,
        jurisdiction=current.jurisdiction,
        version=current.label,
        language=current.language,
        digest=current.digest,
    )


answer_with(PolicyNotInForce, lambda error: not_in_force(error.current))
answer_with(NoConsent, lambda _error: Problem(NO_CONSENT))


class ConsentAct(serializers.Serializer):
    """One act of consent, with its receipt."""

    id = serializers.UUIDField()
    act = serializers.ChoiceField([act.value for act in Act])
    at = serializers.DateTimeField()
    channel = serializers.ChoiceField(Channel.values)
    jurisdiction = serializers.CharField()
    version = serializers.CharField()
    language = serializers.CharField()
    digest = serializers.CharField()
    purposes = serializers.ListField(child=serializers.CharField(), help_text="Optional purposes on after this act.")
    granted = serializers.ListField(child=serializers.CharField(), help_text="Those that this act switched on.")
    withdrawn = serializers.ListField(child=serializers.CharField(), help_text="Those that this act switched off.")
    receipt = serializers.DictField(help_text="The receipt, with the field names of ISO/IEC TS 27560:2023.")


class ConsentChange(Body):
    """Grant or withdraw an optional purpose, or accept the policy in force."""

    act = serializers.ChoiceField([Act.GRANTED.value, Act.WITHDREW.value, Act.ACCEPTED.value])
    purpose = PurposeKey(required=False, help_text="For `granted` and `withdrew`. `fields` lists them.")
    policy = Text(required=False, help_text="For `accepted`: the digest of the text that was shown.")
    language = Text(required=False, help_text="For `accepted`: the language of that text.")
    agreed = Flag(required=False, help_text="For `accepted`: true, and never set before the person did it.")
    purposes = PurposeKeys(
        required=False,
        help_text="For `accepted`: the optional purposes that the person switched on now; any other is off.",
    )

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Ask for what each act needs."""
        accepts = values["act"] == Act.ACCEPTED
        needed = ("policy", "language", "agreed") if accepts else ("purpose",)
        absent = {name for name in needed if not values.get(name)}
        if accepts and "purposes" not in values:  # none is an answer, too
            absent.add("purposes")
        missing = {name: [_("This act needs it.")] for name in sorted(absent)}
        if missing:
            raise serializers.ValidationError(missing, "required")
        return values


class Consents(Endpoint):
    """Every act of consent of a person."""

    at_the_gate = True
    limited_as = {"POST": "consent"}

    @operation(
        "consents_list",
        "What I agreed to, newest first, each with its receipt",
        answers={200: paged("ConsentPage", ConsentAct)},
        errors=[INVALID],
        parameters=PAGE,
        at_the_gate=True,
        tag="Me",
    )
    def get(self, request: Request) -> Response:
        """Answer with one page."""
        context = receipt_context(self.subject.pk)
        return self.page(acts_of(self.subject.pk), "-position", lambda act: present(act, context))

    @operation(
        "consents_add",
        "Grant or withdraw an optional purpose, or accept a changed policy",
        answers={201: ConsentAct},
        body=ConsentChange,
        example={"act": "granted", "purpose": "product_news"},
        errors=[POLICY_NOT_IN_FORCE, NO_CONSENT, RATE_LIMITED],
        method="POST",
        at_the_gate=True,
        tag="Me",
    )
    def post(self, request: Request) -> Response:
        """Record the act; one that changes nothing answers with the one in force."""
        values = self.checked(ConsentChange)
        if values["act"] == Act.ACCEPTED:
            consent = accept_version(
                subject=self.subject,
                digest=values["policy"],
                language=values["language"],
                channel=Channel.REST,
                purposes=values["purposes"],
            )
        else:
            is_on = values["act"] == Act.GRANTED
            consent = switch_purpose(subject=self.subject, key=values["purpose"], on=is_on, channel=Channel.REST)
        return Response(present(consent), status=201)


def present(consent: ConsentRecord, context: ReceiptContext | None = None) -> dict[str, Any]:
    """Return an act of consent as REST shows it."""
    return {
        "id": consent.pk,
        "act": consent.act,
        "at": consent.at,
        "channel": consent.channel,
        "jurisdiction": consent.version.jurisdiction,
        "version": consent.version.label,
        "language": consent.language,
        "digest": consent.digest,
        "purposes": consent.purposes,
        "granted": consent.granted,
        "withdrawn": consent.withdrawn,
        "receipt": receipt_of(consent, context),
    }
