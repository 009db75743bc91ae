"""What people are told where an act of an enterprise is refused, and the codes for programs."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from accounts.enterprises import services
from privacy.rest.problems import ProblemType, problem_type

REFUSED: dict[type[Exception], ProblemType] = {
    services.InvitationGone: problem_type(
        "invitation_gone",
        HTTPStatus.GONE,
        _("This invitation is wrong, used or older than seven days. Ask the enterprise for another one."),
    ),
    services.TooManyInvitations: problem_type(
        "too_many_invitations",
        HTTPStatus.CONFLICT,
        _("Too many invitations are open. Withdraw those that are not needed."),
    ),
    services.OnlyIndividuals: problem_type(
        "individuals_only", HTTPStatus.FORBIDDEN, _("Only the account of an individual can join an enterprise.")
    ),
    services.HasGuardian: problem_type(
        "has_guardian",
        HTTPStatus.FORBIDDEN,
        _("While a parent or guardian acts for you, you cannot join an enterprise."),
    ),
    services.MemberAlready: problem_type(
        "member_already", HTTPStatus.CONFLICT, _("You are a member of an enterprise. Leave it first.")
    ),
    services.LastOwner: problem_type(
        "last_owner",
        HTTPStatus.CONFLICT,
        _("This is the last owner among the members. Hand the ownership over first, or cancel the enterprise."),
    ),
    services.NeedsAgreement: problem_type(
        "needs_agreement", HTTPStatus.CONFLICT, _("A new owner must agree. Offer them the ownership.")
    ),
    services.NoOffer: problem_type("no_offer", HTTPStatus.CONFLICT, _("The ownership is not offered to you any more.")),
}


def words_of(refused: Exception) -> str:
    """Return what the person is told."""
    return str(REFUSED[type(refused)].title)
