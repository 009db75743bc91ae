"""`/settings/enterprise/licence/`: administrators and owners hand in the enterprise's licence."""

from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.enterprises.answering import answered
from accounts.enterprises.forms import EnterpriseLicenceForm
from accounts.enterprises.licence import hand_in_licence, licence_seen
from accounts.enterprises.queries import standing_of
from accounts.enterprises.roles import Role
from accounts.licences.services import RETRY_SECONDS
from accounts.licences.views import take_file
from accounts.users.requests import UserRequest
from privacy.pictures.making import MOST_BYTES
from privacy.subjects.markers import LARGEST_BODY, fresh_sign_in_required, limited_as, takes_bodies_up_to


@limited_as("licence", "POST")
@takes_bodies_up_to(MOST_BYTES + LARGEST_BODY)
@fresh_sign_in_required
@login_required
@never_cache
@answered
def enterprise_licence(request: UserRequest) -> HttpResponse:
    """Show the state of the licence; a POST hands in a file. The enterprise's own account has a page of its own."""
    standing = standing_of(request.data_subject)
    standing.require(Role.ADMINISTRATOR)
    if standing.membership is None:
        return redirect("licence")
    form, status = EnterpriseLicenceForm(), HTTPStatus.OK
    if request.method == "POST":
        form = EnterpriseLicenceForm(request.POST, request.FILES)
        if form.is_valid():
            status = take_file(form, partial(hand_in_licence, by=request.data_subject))
        if form.is_valid():
            messages.success(
                request, _("We have the licence. The enterprise gets a message once we have looked at it.")
            )
            return redirect("enterprise_licence")
    context = {"form": form, "seen": licence_seen(standing)}
    response = render(request, "accounts/enterprises/licence.html", context, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
