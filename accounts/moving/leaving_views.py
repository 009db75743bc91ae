"""`/settings/move/leave/`: take a package to another portal; `/register/package/`: arrive with one."""

import base64
from typing import Any

from django import forms
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.moving.leaving import leave_for, may_leave
from accounts.moving.movers import profile_or_404
from accounts.moving.packages import MOST_BYTES, Moved, PackageRefused, open_package
from accounts.moving.refusals import CannotMove
from accounts.moving.services import refuse_leaving
from accounts.registration.prefilled import begin_with
from accounts.users.requests import UserRequest
from privacy.erasure.services import AlreadyCancelled
from privacy.guardians.own_addresses import guardianships_of_guardian
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.jurisdictions import jurisdiction_of_country, other_site
from privacy.subjects.markers import fresh_sign_in_required, limited_as, open_at_the_gate

REASONS = {
    "wrong": _("The code does not open this file. Compare both with what the other site showed you."),
    "expired": _("This file is older than 24 hours. Sign in to the other site, keep your account, and begin again."),
    "not_one": _("This is not a file for moving. Choose the one that the other site gave you."),
}


class LeaveForm(forms.Form):
    """The confirmation: the account is cancelled."""

    confirmed = forms.BooleanField(
        label=_("Cancel my account here. I take the file to the other site within 24 hours."),
        error_messages={"required": _("Tick the box to move, or stay where you are.")},
    )


class PackageForm(forms.Form):
    """The file and its code."""

    package = forms.FileField(label=_("File"), error_messages={"required": _("Choose the file.")})
    code = forms.CharField(
        label=_("Code"),
        max_length=100,
        error_messages={"required": _("Enter the code that the other site showed you.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    moved: Moved

    def clean(self) -> dict[str, Any]:
        """Open the package."""
        cleaned = super().clean() or {}
        if cleaned.get("package") and cleaned.get("code"):
            try:
                self.moved = open_package(cleaned["package"].read(MOST_BYTES + 1), cleaned["code"])
            except PackageRefused as refused:
                self.add_error("code" if refused.why == "wrong" else "package", REASONS[refused.why])
        return cleaned


@limited_as("correction", "POST")
@fresh_sign_in_required
@login_required
@never_cache
def leave(request: UserRequest) -> HttpResponse:
    """Say what moving to another portal does; a POST cancels the account and shows file and code, once."""
    profile_or_404(request)
    country = request.GET.get("country", "")
    if not is_country(country) or not may_leave(request.data_subject, country):
        return redirect("move")
    target = jurisdiction_of_country(country)
    context: dict[str, Any] = {"country": country, "jurisdiction": target, "site": other_site(target)}
    context["is_guardian"] = guardianships_of_guardian(request.data_subject).exists()
    form = LeaveForm(request.POST if request.method == "POST" else None)
    try:
        refuse_leaving(request.data_subject, target)
        if request.method != "POST" or not form.is_valid():
            return render(request, "accounts/moving/leave.html", context | {"form": form})
        case, package = leave_for(user=request.user, country=country)
    except (CannotMove, AlreadyCancelled):  # the page before says why
        return redirect("move")
    logout(request)
    file = base64.b64encode(package.content).decode()
    return render(request, "accounts/moving/left.html", context | {"case": case, "package": package, "file": file})


@limited_as("package", "POST")
@open_at_the_gate
@never_cache
@sensitive_post_parameters("code")
def arrive(request: HttpRequest) -> HttpResponse:
    """Open a package of another portal, and begin to register with what it says."""
    if request.user.is_authenticated:
        return redirect("home")
    form = PackageForm(request.POST, request.FILES) if request.method == "POST" else PackageForm()
    if form.is_bound and form.is_valid():
        return begin_with(request, kind=form.moved.kind, values=form.moved.values)
    return render(request, "accounts/moving/arrive.html", {"form": form})
