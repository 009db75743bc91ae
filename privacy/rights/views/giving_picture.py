"""`/requests/<reference>/picture/`: the picture of a document that staff asked for."""

from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from privacy.rights.forms.people import PictureForm
from privacy.rights.proof.in_session import opened_request
from privacy.rights.proof.pictures import LARGEST_PICTURE, PictureRefused, awaits_picture, take_picture
from privacy.subjects.markers import LARGEST_BODY, limited_as, open_at_the_gate, takes_bodies_up_to


class InMemory(MemoryFileUploadHandler):
    """Keeps an upload in memory, however large: a file in a folder would hold the picture in clear."""

    def handle_raw_input(self, *_args: object, **_more: object) -> None:
        """Take every upload; the limit of the body is checked before."""
        self.activated = True


@takes_bodies_up_to(LARGEST_PICTURE + LARGEST_BODY)
@limited_as("request_code", "POST")
@open_at_the_gate
@never_cache
@csrf_exempt
def give_picture(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the picture, and store it. The upload is kept in memory, which must be said before it is read."""
    request.upload_handlers = [InMemory(request)]
    return _give_picture(request, reference)


@csrf_protect
def _give_picture(request: HttpRequest, reference: str) -> HttpResponse:
    found = opened_request(request, reference)
    if found is None:
        raise Http404
    if not awaits_picture(found):
        return redirect("request", found.reference)
    if request.method != "POST":
        return render(request, "privacy/rights/picture.html", {"shown": found, "form": PictureForm()})
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            take_picture(request=found, content=form.cleaned_data["picture"].read())
        except PictureRefused as refused:
            form.add_error("picture", str(refused))
        else:
            messages.success(request, _("Thank you. Our staff will look at the picture."))
            return redirect("request", found.reference)
    context = {"shown": found, "form": form}
    return render(request, "privacy/rights/picture.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
