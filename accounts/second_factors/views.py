"""Add and remove authenticator apps, recovery codes and passkeys."""

import json
from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.second_factors.ceremonies import Ceremony, begin_ceremony
from accounts.second_factors.forms import AddPasskeyForm, SetUpAppForm
from accounts.second_factors.next_page import next_page, with_next
from accounts.second_factors.passkey_names import name_of, rename_passkey, typed_name
from accounts.second_factors.services import (
    add_app,
    app_of,
    has_second_factor,
    make_recovery_codes,
    passkeys_of,
    recovery_codes_to_show,
    remove_factor,
    show_recovery_codes,
    store_passkey,
)
from accounts.sessions.renaming import ask_for_name
from accounts.users.requests import UserRequest
from privacy.subjects.markers import fresh_sign_in_required, limited_as, open_at_the_gate


@open_at_the_gate
@limited_as("factor_change", "POST")
@fresh_sign_in_required
@login_required
@never_cache
@sensitive_post_parameters("code")
def set_up_app(request: UserRequest) -> HttpResponse:
    """Show the secret for an authenticator app, and add the app by its first code; then lead on to `next`."""
    then = next_page(request)
    if app_of(request.user):
        return redirect(then or "security")
    form = SetUpAppForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with_codes = add_app(request, form)
        messages.success(
            request,
            _(
                "Authenticator app set up. From now on, we ask for its code when you sign in. You have "
                "been signed out on your other devices."
            ),
        )
        return _after_adding(request, then, with_codes=with_codes)
    context = {"form": form, "secret": form.secret, "qr": _qr_code(request, form.secret), "next": then}
    return render(request, "accounts/second_factors/set_up_app.html", context)


@open_at_the_gate
@limited_as("factor_change", "POST")
@fresh_sign_in_required
@login_required
@never_cache
def remove_app(request: UserRequest) -> HttpResponse:
    """Ask for confirmation, then remove the authenticator app."""
    app = app_of(request.user)
    if app is None:
        return redirect("security")
    if request.method == "POST":
        remove_factor(request, app)
        messages.success(request, _("Authenticator app removed. You have been signed out on your other devices."))
        return redirect("security")
    context = {
        "title": _("Remove the authenticator app"),
        "lead": _(
            "We will no longer ask for its code when you sign in, and you will be signed out on your "
            "other devices. If you have no passkey, your recovery codes are removed too."
        ),
    }
    return render(request, "accounts/second_factors/confirm_change.html", context)


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
def recovery_codes(request: UserRequest) -> HttpResponse:
    """Show the recovery codes for ten minutes after they were made, with a link to `next`."""
    codes, then = recovery_codes_to_show(request), next_page(request)
    if not codes:
        return redirect(then or "security")
    return render(request, "accounts/second_factors/recovery_codes.html", {"codes": codes, "next": then})


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
def recovery_codes_text(request: UserRequest) -> HttpResponse:
    """Download the recovery codes while they are shown."""
    codes = recovery_codes_to_show(request)
    if not codes:
        return redirect("security")
    title = _("Recovery codes for %(host)s. Each works once.") % {"host": urlsplit(settings.SITE_URL).netloc}
    text = "\n".join([title, "", *codes, ""])
    headers = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"'}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@open_at_the_gate
@limited_as("factor_change", "POST")
@fresh_sign_in_required
@login_required
@never_cache
def new_recovery_codes(request: UserRequest) -> HttpResponse:
    """Ask for confirmation, then replace the recovery codes."""
    if not has_second_factor(request.user):
        return redirect("security")
    if request.method == "POST":
        make_recovery_codes(request)
        return redirect("mfa_view_recovery_codes")
    context = {"title": _("Create new recovery codes"), "lead": _("Your current codes will stop working.")}
    return render(request, "accounts/second_factors/confirm_change.html", context)


def _after_adding(request: UserRequest, then: str, *, with_codes: bool) -> HttpResponse:
    """Return the way on: to new recovery codes, where the first factor made them, then to the wanted page."""
    if not with_codes:
        return redirect(then or "security")
    show_recovery_codes(request)
    return redirect(with_next("mfa_view_recovery_codes", then))


def _qr_code(request: UserRequest, secret: str) -> str:
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - drawn by the library from squares, no text of a person


@open_at_the_gate
@limited_as("factor_change", "POST")
@fresh_sign_in_required
@login_required
@never_cache
@sensitive_post_parameters("credential")
def add_passkey(request: UserRequest) -> HttpResponse:
    """Let the browser make a passkey, and store its public key with its device's family; then lead on to `next`."""
    then = next_page(request)
    form = AddPasskeyForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        with_codes = store_passkey(request, form)
        messages.success(request, _("Passkey added. You have been signed out on your other devices."))
        return _after_adding(request, then, with_codes=with_codes)
    if request.method == "POST":
        messages.error(request, _("The passkey could not be added. Try again."))
    options = json.dumps(begin_ceremony(request, Ceremony.ADD, request.user))
    return render(request, "accounts/second_factors/add_passkey.html", {"options": options, "next": then})


@open_at_the_gate
@limited_as("factor_change", "POST")
@fresh_sign_in_required
@login_required
@never_cache
def remove_passkey(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for confirmation, then remove a passkey of the person."""
    passkey = get_object_or_404(passkeys_of(request.user), pk=pk)
    if request.method == "POST":
        remove_factor(request, passkey)
        messages.success(
            request,
            _(
                "Passkey removed. You have been signed out on your other devices. Remove the passkey "
                "from your device too."
            ),
        )
        return redirect("security")
    context = {
        "title": _("Remove %(name)s") % {"name": name_of(passkey)},
        "lead": _(
            "You will no longer be able to sign in with it, and you will be signed out on your other "
            "devices. If you have no other passkey and no authenticator app, your recovery codes are "
            "removed too."
        ),
    }
    return render(request, "accounts/second_factors/confirm_change.html", context)


@open_at_the_gate
@login_required
@never_cache
def rename(request: UserRequest, pk: int) -> HttpResponse:
    """Ask for a new name of a passkey of the person, and store it."""
    passkey = get_object_or_404(passkeys_of(request.user), pk=pk)
    return ask_for_name(
        request,
        title=_("Rename a passkey"),
        current=name_of(passkey),
        typed=typed_name(passkey),
        save=lambda name: rename_passkey(passkey, name),
        back="security",
    )
