"""What staff do about a request by one press: take it, give it to another, note something, move an item."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from privacy.access.queries import role_of
from privacy.rights.answering.answers import write_note
from privacy.rights.answering.decisions import BUTTONS, WITH_ANSWER, take_step
from privacy.rights.forms.staff import IdentityForm, NoteForm
from privacy.rights.models.requests import RequestItem, RightsRequest
from privacy.rights.proof.documents import prove_by_document
from privacy.rights.queries import PROVE_IDENTITY, WORK_REQUESTS
from privacy.rights.staff.assigning import NotAssigned, assign
from privacy.rights.staff.own import OwnRequest
from privacy.rights.states.moving import MoveRefused

NAME = "privacy_rightsrequest"


class WorkMixin(admin.ModelAdmin):
    """Gives pages and acts on requests their addresses, for those who may work on requests."""

    def work_path(self, route: str, view: Callable[..., HttpResponse], name: str) -> Any:
        """Return the path of a page about one request, guarded and never cached."""
        return path(route, self.admin_site.admin_view(never_cache(_for_workers(view))), name=f"{NAME}_{name}")


class ActsMixin(WorkMixin):
    """The acts of one press."""

    def get_urls(self) -> list[Any]:
        """Add an address for each act."""
        acts = {
            "take": self.take_view,
            "give-back": self.give_back_view,
            "give": self.give_view,
            "note": self.note_view,
            "identity": self.identity_view,
        }
        paths = [self.work_path(f"<uuid:pk>/{name}/", require_POST(view), name) for name, view in acts.items()]
        step = self.work_path("<uuid:pk>/items/<uuid:item>/<slug:after>/", require_POST(self.step_view), "step")
        return [*paths, step, *super().get_urls()]

    def take_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Assign a request to the member of staff who asks."""
        return self._assigned(request, pk, staff_of(request), gettext_noop("Taken"))

    def give_back_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Assign a request to no one."""
        return self._assigned(request, pk, None, gettext_noop("Given back"))

    def give_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Assign a request to another member of staff."""
        return self._assigned(request, pk, _number(request.POST.get("to", "")), gettext_noop("Given to another"))

    def note_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Store a note for staff."""
        found, form = get_object_or_404(RightsRequest, pk=pk), NoteForm(request.POST)
        if form.is_valid():
            write_note(request=found, text=form.cleaned_data["text"], by=staff_of(request), role=role_of(request.user))
            messages.success(request, _("Saved."))
        else:
            messages.error(request, str(form.errors["text"][0]))
        return to_page(pk)

    def identity_view(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Note that a document proved who asks."""
        if not request.user.has_perm(PROVE_IDENTITY):
            raise PermissionDenied
        found = get_object_or_404(RightsRequest.objects.select_related("subject"), pk=pk)
        form = IdentityForm(request.POST, known=found.subject)
        if found.proven_at is not None or found.closed_at is not None:
            messages.error(request, _("The identity is proven already, or the request is closed."))
        elif form.is_valid():
            self._prove(request, found, form)
        else:
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return to_page(pk)

    def step_view(self, request: HttpRequest, pk: UUID, item: UUID, after: str) -> HttpResponse:
        """Give an item a state that needs no answer."""
        if after not in BUTTONS or after in WITH_ANSWER:
            raise Http404
        found = get_object_or_404(RequestItem, pk=item, request_id=pk)
        try:
            take_step(item=found, after=after, by=staff_of(request), role=role_of(request.user))
        except (MoveRefused, OwnRequest) as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, found.request, f"{found.right}: {after}")
            messages.success(request, _("Done."))
        return to_page(pk)

    def _prove(self, request: HttpRequest, found: RightsRequest, form: IdentityForm) -> None:
        kind, role, by = form.cleaned_data["document"], role_of(request.user), staff_of(request)
        try:
            prove_by_document(request=found, kind=kind, subject=form.person, role=role, by=by)
        except OwnRequest as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, found, gettext_noop("Looked at a document"))
            messages.success(request, _("Saved."))

    def _assigned(self, request: HttpRequest, pk: UUID, to: UUID | None, said: str) -> HttpResponse:
        found = get_object_or_404(RightsRequest, pk=pk)
        try:
            assign(request=found, to=to, seen=_number(request.POST.get("seen", "")))
        except NotAssigned as refused:
            messages.error(request, str(refused))
        else:
            self.log_change(request, found, said)
            messages.success(request, _("Done."))
        return to_page(pk)


def staff_of(request: HttpRequest) -> UUID:
    """Return the number of the member of staff who asks."""
    return cast("UUID", request.user.pk)


def to_page(pk: UUID) -> HttpResponse:
    """Return to the page of a request."""
    return redirect(f"admin:{NAME}_change", pk)


def _for_workers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if not request.user.has_perm(WORK_REQUESTS):
            raise PermissionDenied
        return view(request, *args, **options)

    return guarded


def _number(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
