"""`guardians/children/<child>/...`: a guardian withdraws, cancels, or asks a second guardian."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.children.api_access import CHILD_ID, NEEDS_ACCESS, NO_ACCESS, SUSPENDED, TAG, GuardianEndpoint
from accounts.children.services import (
    cancel_for_child,
    invite_for_child,
    refuse_where_suspended,
    report_for_child,
    withdraw_for_child,
)
from privacy.guardians.api import GuardianAsked, GuardianContact, checked_contact
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.opened import guardianship_of
from privacy.guardians.own_addresses import OF_THE_CHILD, OfTheChild, ProofRefused
from privacy.rest.bodies import Body, Flag
from privacy.rest.problems import NOT_FOUND, RATE_LIMITED, Problem, problem_type
from privacy.rest.schema import operation

IS_CHILD = problem_type("address_of_child", 409, OF_THE_CHILD)
IS_GUARDIAN = problem_type("already_guardian", 409, _("This is the address of a guardian already, or an alias of it."))


class Sure(Body):
    """The confirmation of what cannot be taken back lightly."""

    confirmed = Flag(help_text="True if the guardian read what happens and confirmed it.")

    def validate_confirmed(self, confirmed: bool) -> bool:
        """Refuse anything but a yes."""
        if not confirmed:
            raise serializers.ValidationError(_("Confirm this with `true`."), "required")
        return confirmed


class SecondGuardian(Body):
    """The address of a second guardian, which is data of somebody else (1.6 of the sample policy)."""

    contact = GuardianContact()
    may_give = Flag(help_text="True: this is the other parent or guardian, and their address may be given.")

    def validate_may_give(self, may_give: bool) -> bool:
        """Refuse anything but a yes."""
        if not may_give:
            raise serializers.ValidationError(_("Confirm that you may give us this address."), "required")
        return may_give


class Ended(serializers.Serializer):
    """What follows from a withdrawal."""

    account_ends = serializers.BooleanField(
        help_text="False where another guardian still agrees: no one uses the data until staff decide."
    )


def confirmed_act(
    name: str, summary: str, *, answers: Mapping[Any, Any], description: str = NEEDS_ACCESS
) -> Callable[[Any], Any]:
    """Return the decorator of an act that a guardian confirms by `Sure`; the arguments are those of `operation`."""
    return operation(
        name,
        summary,
        answers=answers,
        body=Sure,
        example={"confirmed": True},
        errors=[NO_ACCESS, NOT_FOUND],
        parameters=[CHILD_ID],
        description=description,
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )


class ConfirmedAct(GuardianEndpoint):
    """An act for a child that the guardian confirms."""

    def confirmed(self, child: UUID) -> Guardianship:
        """Return the guardianship of a child. Raises `Http404` for another's, `Problem` without the confirmation."""
        guardianship = guardianship_of(self.http, child)
        self.checked(Sure)
        return guardianship


class WithdrawForChild(ConfirmedAct):
    """`guardians/children/<child>/withdrawal`."""

    @confirmed_act(
        "guardian_child_withdraw",
        "Withdraw the agreement of a guardian",
        answers={200: Ended},
        description=f"{NEEDS_ACCESS} The account ends, unless another guardian still agrees.",
    )
    def post(self, request: Request, child: UUID) -> Response:
        """Withdraw."""
        return Response({"account_ends": withdraw_for_child(guardianship=self.confirmed(child))})


class CancelForChild(ConfirmedAct):
    """`guardians/children/<child>/cancellation`."""

    @confirmed_act(
        "guardian_child_cancel",
        "Cancel the account of a child, with the cooling-off period",
        answers={204: None},
    )
    def post(self, request: Request, child: UUID) -> Response:
        """Cancel."""
        cancel_for_child(guardianship=self.confirmed(child))
        return Response(status=204)


class ReportForChild(ConfirmedAct):
    """`guardians/children/<child>/report`."""

    @confirmed_act(
        "guardian_child_report",
        "Report that a child registered without consent: the account is suspended at once, and erased within 24 hours",
        answers={204: None},
    )
    def post(self, request: Request, child: UUID) -> Response:
        """Suspend and erase."""
        report_for_child(guardianship=self.confirmed(child))
        return Response(status=204)


class InviteForChild(GuardianEndpoint):
    """`guardians/children/<child>/guardians`."""

    limited_as = {"POST": "guardian"}

    @operation(
        "guardian_child_invite",
        "Ask a second guardian, who proves who they are as the first one did",
        answers={202: GuardianAsked},
        body=SecondGuardian,
        example={"contact": {"email": "second@example.com"}, "may_give": True},
        errors=[NO_ACCESS, NOT_FOUND, SUSPENDED, IS_CHILD, IS_GUARDIAN, RATE_LIMITED],
        parameters=[CHILD_ID],
        description=NEEDS_ACCESS,
        method="POST",
        at_the_gate=True,
        tag=TAG,
    )
    def post(self, request: Request, child: UUID) -> Response:
        """Write to them."""
        guardianship = guardianship_of(self.http, child)
        _channel, address = checked_contact(self.checked(SecondGuardian)["contact"], "")
        refuse_where_suspended(guardianship)
        try:
            asked = invite_for_child(guardianship=guardianship, address=address)
        except OfTheChild:
            raise Problem(IS_CHILD) from None
        except ProofRefused:
            raise Problem(IS_GUARDIAN) from None
        return Response(GuardianAsked(asked).data, status=202)
