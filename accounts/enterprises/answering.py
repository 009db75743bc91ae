"""How the pages of enterprises answer what their services refuse."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from accounts.enterprises import services
from accounts.enterprises.models import Invitation, Membership
from accounts.enterprises.queries import NotOfAnEnterprise, RoleTooLow
from accounts.enterprises.refusals import words_of
from accounts.users.requests import UserRequest


def answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer the named errors of the services: what is of another enterprise is not found."""

    @wraps(view)
    def answering(request: UserRequest, *args: Any, **options: Any) -> HttpResponse:
        try:
            return view(request, *args, **options)
        except (NotOfAnEnterprise, Membership.DoesNotExist, Invitation.DoesNotExist):
            raise Http404 from None
        except RoleTooLow as refused:
            raise PermissionDenied from refused
        except services.REFUSALS as refused:
            messages.error(request, words_of(refused))
            return redirect("enterprise")

    return answering
