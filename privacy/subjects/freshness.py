"""Whether a person signed in a short time ago. `privacy` knows no sign-ins: a higher package declares the function."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from privacy.operations.collecting import declared


@dataclass(frozen=True)
class FreshSignIn:
    """A function that says whether the signed-in person of a request proved recently who they are."""

    is_fresh: Callable[[HttpRequest], bool]


def is_fresh_sign_in(request: HttpRequest) -> bool:
    """Whether a person is signed in who proved recently who they are, with a second factor if they have one."""
    return request.user.is_authenticated and all(each.is_fresh(request) for each in declared(FreshSignIn))
