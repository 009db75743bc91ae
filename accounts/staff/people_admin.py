"""People in the admin: found by an exact value, shown masked, opened with a reason, changed through services."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.profiles.forms import ProfileForm
from accounts.profiles.queries import profile_values
from accounts.profiles.services import OtherJurisdiction
from accounts.staff import roles
from accounts.staff.forms import CancelForm, FindForm, ReasonForm
from accounts.staff.moves import NothingToAllow, allow_another_move, next_move_at
from accounts.staff.people import Person, is_staff_account, masked_facts, opened_facts, person_of
from accounts.staff.person_parts import person_parts
from accounts.staff.resets_admin import ResetDecisionMixin, propose_from_form, reset_form, reset_parts
from accounts.staff.searches import note_view
from accounts.staff.services import (
    cancel_person,
    correct_person,
    end_all_sessions_of,
    open_person,
    search_person,
    settle_registration_number,
)
from accounts.tries.limits import consume
from accounts.users.models import User
from accounts.users.requests import UserRequest
from accounts.users.services import UsernameTaken
from privacy.erasure.services import AlreadyCancelled
from privacy.restriction.queries import ProcessingRestricted

OPENED_KEY = "opened_people"
OPEN_FOR_SECONDS = 900


@admin.register(User)
class PersonAdmin(ResetDecisionMixin, admin.ModelAdmin):
    """A search, a masked page, and acts that need a reason; no list of people and no form of their table."""

    def get_urls(self) -> list[URLPattern]:
        """Return the search, a person's page and its acts; none of Django's own pages."""
        pages = [
            path("", self._guarded(self.find_view, roles.FIND), name="accounts_user_changelist"),
            path("<uuid:pk>/change/", self._guarded(self.person_view, roles.FIND), name="accounts_user_change"),
            path("subject/<uuid:pk>/", self._guarded(self.subject_view, roles.FIND), name="accounts_user_subject"),
        ]
        acts = {
            "open": (self.open_view, roles.OPEN),
            "correct": (self.correct_view, roles.CORRECT),
            "number": (self.number_view, roles.CORRECT),
            "cancel": (self.cancel_view, roles.CANCEL),
            "allow-move": (self.allow_move_view, roles.CORRECT),
            "end-sessions": (self.end_sessions_view, roles.END_SESSIONS),
            "propose-reset": (self.propose_reset_view, roles.PROPOSE_RESET),
            # By the id of a reset. Its proposer may withdraw it.
            "confirm-reset": (self.confirm_reset_view, roles.CONFIRM_RESET),
            "refuse-reset": (self.refuse_reset_view, roles.FIND),
        }
        return pages + [
            path(f"<uuid:pk>/{name}/", require_POST(self._guarded(view, needed)), name=f"accounts_user_{name}")
            for name, (view, needed) in acts.items()
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(roles.FIND)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(roles.FIND)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def find_view(self, request: UserRequest) -> HttpResponse:
        """Find one person. The search is a POST, so that no value is in a URL or a log."""
        form = FindForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            person = search_person(staff=request.user, text=form.cleaned_data["who"])
            if person:
                return redirect("admin:accounts_user_change", person.user.pk)
            form.add_error("who", _("No exact match. Check the spelling with the person."))
        return self._page(request, "find.html", {"title": _("Find a person"), "form": form})

    def person_view(self, request: UserRequest, pk: Any) -> HttpResponse:
        """Show a person: masked, or with values for 15 minutes after opening. The person sees that it was read."""
        person = _person_or_404(pk)
        note_view(staff=request.user, subject=person.user.subject)
        return self._show(request, person)

    def subject_view(self, request: UserRequest, pk: UUID) -> HttpResponse:
        """Lead from a record to the person of its `DataSubject`, or say that they are gone; recorded like a search."""
        person = search_person(staff=request.user, text=str(pk))
        if person:
            return self._back(person.user.pk)
        messages.warning(request, _("This person no longer has an account."))
        return redirect("admin:accounts_user_changelist")

    def open_view(self, request: UserRequest, pk: Any) -> HttpResponse:
        """Record why, and show the values for 15 minutes."""
        person, form = _person_or_404(pk), ReasonForm(request.POST, auto_id="open_%s")
        if not form.is_valid():
            return self._show(request, person, open_form=form)
        try:
            open_person(staff=request.user, user=person.user, **form.cleaned_data)
        except ProcessingRestricted as refused:
            messages.error(request, str(refused))
            return self._back(pk)
        self.log_change(request, person.user, "opened")
        opened = request.session.get(OPENED_KEY, {})
        request.session[OPENED_KEY] = opened | {str(person.user.pk): time.time() + OPEN_FOR_SECONDS}
        return self._back(pk)

    def correct_view(self, request: UserRequest, pk: Any) -> HttpResponse:
        """Correct an opened person's profile on request."""
        person = _person_or_404(pk)
        if person.profile is None or not _is_open(request, person):
            raise PermissionDenied
        if request.POST.get("username", person.user.username) != person.user.username:
            consume("username", person=str(request.user.pk))
        form, why = _profile_form(person, request.POST), ReasonForm(request.POST, auto_id="why_%s")
        if not (form.is_valid() and why.is_valid()):
            return self._show(request, person, correct_form=form, why_form=why)
        try:
            changed = correct_person(
                staff=request.user, user=person.user, values=form.profile_values, **why.cleaned_data
            )
        except OtherJurisdiction:
            said = _(
                "Another company is responsible in this country. "
                "The person must move the account themselves, in the settings."
            )
            form.add_error("country", said)
            return self._show(request, person, correct_form=form, why_form=why)
        except UsernameTaken:
            form.add_error("username", _("This username is taken. Choose another."))
            return self._show(request, person, correct_form=form, why_form=why)
        self.log_change(request, person.user, f"corrected: {', '.join(changed) or 'nothing'}")
        said = ngettext("Saved: %(count)d field changed.", "Saved: %(count)d fields changed.", len(changed))
        messages.success(request, said % {"count": len(changed)})
        return self._back(pk)

    def number_view(self, request: UserRequest, pk: Any) -> HttpResponse:
        """Record that an opened person's registration number matches the licence."""
        person, form = _person_or_404(pk), ReasonForm(request.POST, auto_id="number_%s")
        if person.profile is None or not _is_open(request, person):
            raise PermissionDenied
        if not form.is_valid():
            return self._show(request, person, number_form=form)
        settle_registration_number(staff=request.user, user=person.user, **form.cleaned_data)
        self.log_change(request, person.user, "compared the registration number")
        messages.success(request, _("The registration number is marked as checked."))
        return self._back(pk)

    def cancel_view(self, request: UserRequest, pk: Any) -> HttpResponse:
        """Cancel an account on a verified request."""
        person = _person_or_404(pk)
        form = _cancel_form(person, request.POST)
        if not form.is_valid():
            return self._show(request, person, cancel_form=form)
        values = {name: form.cleaned_data[name] for name in ("ground", "reason", "reference")}
        try:
            case = cancel_person(staff=request.user, user=person.user, **values)
        except AlreadyCancelled:
            messages.error(request, _("This account is already cancelled."))
            return self._back(pk)
        self.log_change(request, person.user, f"cancelled on ground {case.ground}")
        said = _("Account cancelled. We notified the person. Receipt reference: %(reference)s.")
        messages.success(request, said % {"reference": case.reference})
        return self._back(pk)

    def allow_move_view(self, request: UserRequest, pk: Any) -> HttpResponse:
        """Let a person who moved less than 30 days ago move again."""
        person, form = _person_or_404(pk), ReasonForm(request.POST, auto_id="move_%s")
        if not form.is_valid():
            return self._show(request, person, move_form=form)
        try:
            allow_another_move(staff=request.user, user=person.user, **form.cleaned_data)
        except NothingToAllow:
            messages.warning(request, _("This person can move already."))
            return self._back(pk)
        self.log_change(request, person.user, "allowed another move")
        messages.success(request, _("The person can move again now, in their settings."))
        return self._back(pk)

    def propose_reset_view(self, request: UserRequest, pk: Any) -> HttpResponse:
        """Propose to remove lost second factors, or to replace a lost phone number."""
        person = _person_or_404(pk)
        form = reset_form(person, request.POST)
        if not form.is_valid():
            return self._show(request, person, reset_form=form)
        if propose_from_form(request, person, form):
            self.log_change(request, person.user, "proposed a reset of the sign-in")
        return self._back(pk)

    def end_sessions_view(self, request: UserRequest, pk: Any) -> HttpResponse:
        """End every session of a person."""
        person, form = _person_or_404(pk), ReasonForm(request.POST, auto_id="sessions_%s")
        if not form.is_valid():
            return self._show(request, person, sessions_form=form)
        ended = end_all_sessions_of(staff=request.user, user=person.user, **form.cleaned_data)
        self.log_change(request, person.user, "ended every session")
        said = ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended) % {"count": ended}
        messages.success(request, said)
        return self._back(pk)

    def _guarded(self, view: Any, needed: str) -> Any:
        def guarded(request: HttpRequest, **given: Any) -> HttpResponse:
            if not request.user.has_perm(needed):
                raise PermissionDenied
            return view(request, **given)

        return self.admin_site.admin_view(guarded)

    def _show(self, request: HttpRequest, person: Person, **bound: Any) -> HttpResponse:
        is_open = _is_open(request, person) and request.user.has_perm(roles.OPEN)
        parts = [] if person.restricted_since and not is_open else person_parts(request, person.user.subject_id)
        may = {name: request.user.has_perm(needed) for name, needed in _ACTS.items()}
        forms = {
            "open_form": ReasonForm(auto_id="open_%s") if may["open"] else None,
            "correct_form": _profile_form(person) if may["correct"] and is_open and person.profile else None,
            "why_form": ReasonForm(auto_id="why_%s"),
            "number_form": ReasonForm(auto_id="number_%s") if may["correct"] and is_open else None,
            "cancel_form": _cancel_form(person) if may["cancel"] and person.user.is_active else None,
            "sessions_form": ReasonForm(auto_id="sessions_%s") if may["end_sessions"] else None,
        }
        moves_at = next_move_at(person.user.subject_id) if may["correct"] else None
        forms["move_form"] = ReasonForm(auto_id="move_%s") if moves_at else None
        context = {
            "moves_at": moves_at,
            "title": _("Person %(subject)s") % {"subject": person.user.subject_id},
            "person": person,
            "is_open": is_open,
            "facts": opened_facts(person) if is_open else masked_facts(person),
            "parts": parts,
            **forms,
            **reset_parts(request, person, is_open=is_open),
            **bound,
        }
        acts = ("correct", "reset", "move", "sessions", "cancel")
        context["may_act"] = any(context.get(f"{name}_form") for name in acts)
        return self._page(request, "person.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        response = render(request, f"admin/accounts/user/{template}", shared | context)
        response["Cache-Control"] = "no-store"
        return response

    def _back(self, pk: Any) -> HttpResponse:
        return redirect(reverse("admin:accounts_user_change", args=[pk]))


_ACTS = {
    "open": roles.OPEN,
    "correct": roles.CORRECT,
    "cancel": roles.CANCEL,
    "end_sessions": roles.END_SESSIONS,
}


def _cancel_form(person: Person, typed: Mapping[str, Any] | None = None) -> CancelForm:
    return CancelForm(typed, auto_id="cancel_%s", subject_id=person.user.subject_id)


def _person_or_404(pk: Any) -> Person:
    user = User.objects.filter(pk=pk).first()
    if user is None or is_staff_account(user):
        raise Http404
    return person_of(user)


def _is_open(request: HttpRequest, person: Person) -> bool:
    opened_until = request.session.get(OPENED_KEY, {}).get(str(person.user.pk), 0)
    # After a restriction only what gives a reason of its own, such as a legal hold, opens the data again.
    opened_at = opened_until - OPEN_FOR_SECONDS
    is_newer = person.restricted_since is None or opened_at > person.restricted_since.timestamp()
    return bool(opened_until > time.time()) and is_newer


def _profile_form(person: Person, data: Any = None) -> ProfileForm:
    assert person.profile is not None  # noqa: S101 - for the type checker
    initial = profile_values(person.profile) | {"username": person.user.username}
    return ProfileForm(data, initial=initial, kind=person.profile.kind, user=person.user, by_staff=True)
