"""Staff ask for the picture of a document, and look at it: one look is one press, with a reason, and is evidence."""

from typing import Any
from uuid import UUID

from csp.constants import HEADER
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from privacy.access.queries import role_of
from privacy.rights.admin.acts import WorkMixin, to_page
from privacy.rights.models.documents import RequestDocument
from privacy.rights.models.requests import RightsRequest
from privacy.rights.proof.pictures import LookReason, NotAsked, ask_for_picture, look_at_picture, may_ask_for_picture

# The bytes were sent by a stranger: whatever they are, nothing of them runs, loads or is framed.
PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

PICTURE_HEADERS = {
    HEADER: PICTURE_POLICY,
    "Content-Disposition": "inline",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class LookForm(forms.Form):
    """Why a member of staff looks at the picture."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why you look at it"), choices=[("", gettext_lazy("Choose")), *LookReason.choices]
    )


class PicturesMixin(WorkMixin):
    """The two acts."""

    def get_urls(self) -> list[Any]:
        """Add an address for each act."""
        ask = self.work_path("<uuid:pk>/ask-picture/", require_POST(self.ask_picture_view), "ask-picture")
        look = self.work_path("<uuid:pk>/picture/", require_POST(self.picture_view), "picture")
        return [ask, look, *super().get_urls()]

    def ask_picture_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask the person for a picture."""
        found = get_object_or_404(RightsRequest, pk=pk)
        try:
            ask_for_picture(request=found, role=role_of(request.user))
        except NotAsked as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, found, gettext_noop("Asked for a picture of a document"))
            messages.success(request, _("Done."))
        return to_page(pk)

    def picture_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the bytes as a picture and as nothing else, and note that."""
        found, form = get_object_or_404(RightsRequest, pk=pk), LookForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose why you look at the picture."))
            return to_page(pk)
        seen = look_at_picture(request=found, reason=form.cleaned_data["reason"], role=role_of(request.user))
        if seen is None:
            messages.error(request, _("There is no picture any more."))
            return to_page(pk)
        self.log_change(request, found, gettext_noop("Looked at a picture of a document"))
        kind, content = seen
        return HttpResponse(content, content_type=kind, headers=PICTURE_HEADERS)


def picture_context(found: RightsRequest) -> dict[str, Any]:
    """Return what the page of a request shows of its picture."""
    return {
        "picture": RequestDocument.objects.filter(request=found).defer("content").first(),
        "picture_form": LookForm(),
        "may_ask_picture": may_ask_for_picture(found) and found.document_asked_at is None,
    }
