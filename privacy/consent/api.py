"""`me/consents`: what I agreed to, with receipts; grant, withdraw, accept a changed policy."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from privacy.consent.models import ConsentRecord
from privacy.consent.queries import acts_of
from privacy.consent.receipts import ReceiptContext, receipt_context, receipt_of_act
from privacy.consent.serializer_fields import PurposeKey, PurposeKeys
from privacy.consent.services import (
    NoConsent,
    PolicyNotInForce,
    accept_version,
    require_shown_version,
    switch_purpose,
)
from privacy.policies.models import PolicyVersion
from privacy.rest.bodies import Body, Flag, Text
from privacy.rest.endpoints import Endpoint
from privacy.rest.errors import answer_with, merge_errors
from privacy.rest.problems import INVALID, RATE_LIMITED, Errors, Problem, field_error, problem_type
from privacy.rest.schema import PAGE, operation, paged

SWITCHES = (ConsentRecord.Act.GRANTED, ConsentRecord.Act.WITHDREW)
POLICY_NOT_IN_FORCE = problem_type(
    "policy_not_in_force",
    409,
    _("Another version of the policy is in force. Show it, say what changed, and ask again."),
)
NO_CONSENT = problem_type(
    "no_consent", 409, _("This account has not agreed to a policy, so its choices cannot be changed.")
)


def not_in_force(current: PolicyVersion) -> Problem:
    """Return the problem for an agreement to a text that is not in force; it names the text that is."""
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
    act = serializers.ChoiceField([act.value for act in ConsentRecord.Act])
    at = serializers.DateTimeField()
    channel = serializers.ChoiceField(ConsentRecord.Channel.values)
    jurisdiction = serializers.CharField()
    version = serializers.CharField()
    language = serializers.CharField()
    digest = serializers.CharField()
    purposes = serializers.ListField(
        child=serializers.CharField(), help_text="The optional purposes that were on after this act."
    )
    granted = serializers.ListField(child=serializers.CharField(), help_text="The purposes that this act turned on.")
    withdrawn = serializers.ListField(child=serializers.CharField(), help_text="The purposes that this act turned off.")
    receipt = serializers.DictField(help_text="The receipt, with the field names of ISO/IEC TS 27560:2023.")


class ConsentChange(Body):
    """Grant or withdraw an optional purpose, or accept the policy in force."""

    act = serializers.ChoiceField(
        [ConsentRecord.Act.GRANTED.value, ConsentRecord.Act.WITHDREW.value, ConsentRecord.Act.ACCEPTED.value]
    )
    purpose = PurposeKey(required=False, help_text="For `granted` and `withdrew`. `fields` lists them.")
    policy = Text(required=False, help_text="For `accepted`: the digest of the text that was shown.")
    language = Text(required=False, help_text="For `accepted`: the language of that text.")
    agreed = Flag(required=False, help_text="For `accepted`: true if the person agreed. Do not preset it.")
    purposes = PurposeKeys(
        required=False,
        help_text="For `accepted`: the optional purposes that the person turned on. All others are off.",
    )


class Consents(Endpoint):
    """Every act of consent of a person."""

    at_the_gate = True
    limited_as = {"POST": "consent"}

    @operation(
        "consents_list",
        "List my consents with their receipts, newest first",
        answers={200: paged("ConsentPage", ConsentAct)},
        errors=[INVALID],
        parameters=PAGE,
        at_the_gate=True,
        tag="Me",
    )
    def get(self, request: Request) -> Response:
        """Answer with one page."""
        context = receipt_context(self.subject.pk)
        return self.page(acts_of(self.subject.pk), "-position", lambda act: present_act(act, context))

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
        values, errors = self.partly_checked(ConsentChange)
        if found := merge_errors(errors, _missing(values)):
            found, more = with_agreement(found, values, jurisdiction=self.subject.jurisdiction)
            raise Problem(INVALID, errors=found, **more)
        if values["act"] == ConsentRecord.Act.ACCEPTED:
            consent = accept_version(
                subject=self.subject,
                digest=values["policy"],
                language=values["language"],
                channel=ConsentRecord.Channel.REST,
                purposes=values["purposes"],
            )
        else:
            is_on = values["act"] == ConsentRecord.Act.GRANTED
            consent = switch_purpose(
                subject=self.subject, key=values["purpose"], on=is_on, channel=ConsentRecord.Channel.REST
            )
        return Response(present_act(consent), status=201)


def with_agreement(
    errors: Errors, agreement: Mapping[str, Any], *, jurisdiction: str, prefix: str = ""
) -> tuple[Errors, dict[str, Any]]:
    """Return the errors of a request, plus one for an agreement to a text that is not in force; it contains that text.

    So an app that has to correct a value shows the text in force at the same time. `prefix` is the path of the members
    `policy` and `language`.
    """
    given = [agreement.get(name) for name in ("policy", "language")]
    if not all(isinstance(value, str) and value for value in given):
        return errors, {}
    try:
        require_shown_version(jurisdiction=jurisdiction, digest=str(given[0]), language=str(given[1]))
    except PolicyNotInForce as changed:
        said = [field_error(POLICY_NOT_IN_FORCE.code, POLICY_NOT_IN_FORCE.title)]
        return merge_errors(errors, {f"{prefix}policy": said}), not_in_force(changed.current).more
    return errors, {}


def _missing(values: Mapping[str, Any]) -> Errors:
    """Return the errors of the members that an act needs and that are missing."""
    act = values.get("act")
    accepts = act == ConsentRecord.Act.ACCEPTED
    needed = ("policy", "language", "agreed") if accepts else ("purpose",) if act in SWITCHES else ()
    absent = {name for name in needed if not values.get(name)}
    if accepts and "purposes" not in values:  # an empty list is an answer
        absent.add("purposes")
    return {name: [field_error("required", _("This action requires it."))] for name in sorted(absent)}


def present_act(consent: ConsentRecord, context: ReceiptContext | None = None) -> dict[str, Any]:
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
        "receipt": receipt_of_act(consent, context),
    }
