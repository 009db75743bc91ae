"""`/settings/licence/`: hand in a business licence, see what became of it and its pictures, delete it."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.licences.files import StoreAway
from accounts.licences.forms import LicenceForm
from accounts.licences.models import Licence, LicencePage
from accounts.licences.queries import is_enterprise, licence_in_force, licences_of, present_licence
from accounts.licences.services import BUSY, RETRY_SECONDS, TooManyDrawings, delete_all, hand_in
from accounts.licences.showing import picture_response
from accounts.second_factors.next_page import next_page, with_next
from accounts.users.requests import UserRequest
from privacy.inventory.periods import period_in_words
from privacy.pictures.making import MOST_BYTES, REASONS, FileRefused
from privacy.subjects.markers import LARGEST_BODY, limited_as, readable_at_the_gate, takes_bodies_up_to

SHOWN = 20


@readable_at_the_gate
@limited_as("licence", "POST")
@takes_bodies_up_to(MOST_BYTES + LARGEST_BODY)
@login_required
@never_cache
def licence(request: UserRequest) -> HttpResponse:
    """Show the licence with its state and pictures; a POST hands in a file. A `next` is where the person returns."""
    if not is_enterprise(request.data_subject.pk):
        raise Http404
    form, status = LicenceForm(), HTTPStatus.OK
    if request.method == "POST":
        form = LicenceForm(request.POST, request.FILES)
        status = take_file(form, partial(hand_in, subject=request.data_subject)) if form.is_valid() else HTTPStatus.OK
        if form.is_valid():
            messages.success(request, _("We have your licence. You get a message once we have looked at it."))
            return redirect(with_next("licence", next_page(request)))
    return _page(request, form, status)


@require_POST
@login_required
@never_cache
def delete_licence(request: UserRequest) -> HttpResponse:
    """Delete every licence with its pictures."""
    if delete_all(subject=request.data_subject):
        messages.success(request, _("Your licence and its pictures are deleted."))
    return redirect("licence")


@readable_at_the_gate
@login_required
@require_safe
def licence_page(request: UserRequest, page: UUID) -> HttpResponse:
    """Answer with one picture of a licence of one's own."""
    found = get_object_or_404(LicencePage, pk=page, licence__subject=request.data_subject)
    return picture_response(found)


def take_file(form: LicenceForm, take: Callable[..., Licence]) -> HTTPStatus:
    """Hand in the file of a valid form, as `data` of a service; a refusal becomes an error of the form."""
    try:
        take(data=form.cleaned_data["file"].read())
    except FileRefused as refused:
        form.add_error("file", str(REASONS[refused.code]))
    except (TooManyDrawings, StoreAway):
        form.add_error("file", str(BUSY))
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.OK


def _page(request: UserRequest, form: LicenceForm, status: HTTPStatus) -> HttpResponse:
    subject, present = request.data_subject, present_licence(request.data_subject.pk)
    in_force = licence_in_force(subject.pk)
    context = {
        "form": form,
        "next": next_page(request),
        "licence": present,
        "pages": list(present.pages.all()) if present else [],
        "in_force": in_force if in_force != present else None,
        "earlier": [each for each in licences_of(subject.pk)[:SHOWN] if each not in (present, in_force)],
        "wait": period_in_words(settings.LICENCE_REVIEW_WITHIN),
    }
    response = render(request, "accounts/licences/licence.html", context, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
