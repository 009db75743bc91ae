"""Sign-in and security: an overview, the password, and contact points."""

from contextlib import nullcontext
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.contact_points.code_requests import ask_to_verify, is_waiting
from accounts.contact_points.codes import CodeExpired, WrongCode, code_lifetime
from accounts.contact_points.models import Code
from accounts.contact_points.services import ContactTaken, masked
from accounts.second_factors.next_page import next_page, with_next
from accounts.second_factors.services import second_factors_of
from accounts.sessions.repeated_codes import one_code_at_a_time
from accounts.sessions.services import change_password
from accounts.sign_in.changes import (
    DECLARED,
    ContactForm,
    ContactRow,
    change_contact_point,
    contact_rows,
    replace_contact_point,
    waiting_contact,
)
from accounts.sign_in.forms import WRONG_CODE, ChangePasswordForm, CodeForm
from accounts.sign_in.password_context import password_context
from accounts.users.requests import UserRequest
from privacy.guardians.sensitivity import fields_seen_for
from privacy.subjects.markers import (
    asks_for_password,
    fresh_sign_in_required,
    limited_as,
    open_at_the_gate,
    open_with_temporary_password,
)


@open_at_the_gate
@login_required
@never_cache
def security(request: UserRequest) -> HttpResponse:
    """Show the password, the contact points and the second factors, with the way to change each."""
    context = {
        "contacts": _shown_contacts(request.user.subject_id),
        "factors": second_factors_of(request.user),
        "next": next_page(request),
    }
    return render(request, "accounts/sign_in/security.html", context)


@open_at_the_gate
@fresh_sign_in_required
@asks_for_password
@open_with_temporary_password
@login_required
@never_cache
@sensitive_post_parameters("current", "password")
def password(request: UserRequest) -> HttpResponse:
    """Change the password; the other sessions end."""
    user = request.user
    form = ChangePasswordForm(request.POST or None, user=user, password_context=password_context(user))
    if request.method == "POST" and form.is_valid():
        had_temporary_password = user.temporary_password_until is not None
        change_password(user=user, password=form.cleaned_data["password"], request=request)
        messages.success(request, _("Password changed. You have been signed out on your other devices."))
        return redirect("admin:index" if had_temporary_password else "security")
    return render(request, "accounts/sign_in/password.html", {"form": form})


@limited_as("contact_change", "POST")
@fresh_sign_in_required
@login_required
@never_cache
def change_contact(request: UserRequest, field: str) -> HttpResponse:
    """Ask for a new phone number or e-mail address and send a code to it; the old one stays until then.

    With a `next`, the person returns there once it is verified.
    """
    if field not in {row.declared.key for row in contact_rows(request.user.subject_id)}:
        raise Http404
    then = next_page(request)
    form = ContactForm(request.POST or None, field=field, subject_id=request.user.subject_id)
    if request.method == "POST" and form.is_valid():
        contact = change_contact_point(subject=request.data_subject, field=field, value=form.cleaned_data["value"])
        ask_to_verify(request, contact=contact, epoch=request.user.epoch)
        return redirect(with_next("verify_changed_contact", then, field))
    context = {"form": form, "field": field, "declared": form.declared, "next": then}
    return render(request, "accounts/sign_in/change_contact.html", context)


@login_required
@never_cache
def verify_changed_contact(request: UserRequest, field: str) -> HttpResponse:
    """Ask for the code that was sent to the new contact point, and verify it; a POST sends a code."""
    with one_code_at_a_time(request) if request.method == "POST" else nullcontext():
        return _verify_changed_contact(request, field)


def _verify_changed_contact(request: UserRequest, field: str) -> HttpResponse:
    contact, then = waiting_contact(request.user.subject_id, field), next_page(request)
    if contact is None:
        return redirect(then or "security")
    if request.method == "POST" and "again" in request.POST:
        one_waited = is_waiting(request, contact=contact, use=Code.Use.VERIFY)
        ask_to_verify(request, contact=contact, epoch=request.user.epoch)
        if one_waited:
            messages.info(request, _("We sent a new code. Earlier codes no longer work."))
        return redirect(with_next("verify_changed_contact", then, field))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            replace_contact_point(request, contact=contact, digits=form.cleaned_data["code"])
        except (WrongCode, CodeExpired, ContactTaken):
            form.add_error("code", WRONG_CODE)
        else:
            messages.success(request, _("%(label)s verified. We now use it.") % {"label": DECLARED[field].label})
            return redirect(then or "security")
    code_waits = is_waiting(request, contact=contact, use=Code.Use.VERIFY)
    context = {
        "form": form,
        "masked": masked(contact),
        "field": field,
        "label": DECLARED[field].label,
        "code_waits": code_waits,
        "code_lifetime": code_lifetime(),
        "next": then,
    }
    return render(request, "accounts/sign_in/verify_changed_contact.html", context)


def _shown_contacts(subject_id: UUID) -> list[ContactRow]:
    """Return the contact fields; of a child, each is marked as sensitive."""
    rows = contact_rows(subject_id)
    shown = fields_seen_for(subject_id, [row.declared for row in rows])
    return [replace(row, declared=declared) for row, declared in zip(rows, shown, strict=True)]
