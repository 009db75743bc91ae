"""What a stranger's app does before a message is sent for it; a higher package declares the function that checks it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from privacy.operations.collecting import declared
from privacy.rest.problems import Errors, problem_type

PROOF_REQUIRED = problem_type(
    "proof_of_work_required",
    403,
    _("Solve `challenge` (ALTCHA), and repeat the request with the solution in the header `Proof-Of-Work`."),
)


@dataclass(frozen=True)
class StrangerCheck:
    """A function that raises a `Problem` where a request lacks what is asked of a stranger, such as proof of work.

    It takes the request and its other errors, so that one answer has all of them.
    """

    check: Callable[[HttpRequest, Errors | None], None]


def check_stranger(request: HttpRequest, errors: Errors | None = None) -> None:
    """Raise the problem of a request that lacks what is asked of a stranger; `errors` are its other errors."""
    for each in declared(StrangerCheck):
        each.check(request, errors)
