"""`/settings/privacy/`: consents with their receipts, the switches of purposes, and the consent gate."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from privacy.consent.forms import GateForm
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import (
    acts_of,
    announced_version,
    has_unanswered_changes,
    latest_consent,
    purposes_in_force,
    unanswered_changes,
)
from privacy.consent.receipts import receipt_of_act
from privacy.consent.services import PolicyNotInForce, accept_version, switch_purpose
from privacy.inventory.purposes import switches
from privacy.policies.differences import differences
from privacy.policies.queries import version_to_show
from privacy.subjects.markers import limited_as, open_at_the_gate
from privacy.subjects.requests import SubjectRequest


@open_at_the_gate
@login_required
@never_cache
def privacy_settings(request: SubjectRequest) -> HttpResponse:
    """Show every act of consent and the switches of the optional purposes."""
    subject = request.data_subject
    on = purposes_in_force(subject.pk)
    context = {
        # At the gate the change is material; a material change is never only announced.
        "announced": None if has_unanswered_changes(subject) else announced_version(subject.pk),
        "accepted": latest_consent(subject.pk),
        "consents": acts_of(subject.pk),
        "purposes": switches(on),
    }
    return render(request, "privacy/consent/privacy_settings.html", context)


@open_at_the_gate
@limited_as("consent", "POST")
@login_required
@never_cache
def purpose_switch(request: SubjectRequest, key: str) -> HttpResponse:
    """Say what switching a purpose on or off means, then do it: withdrawing is as easy as giving (GDPR art. 7(3))."""
    subject = request.data_subject
    shown = {purpose.key: (purpose, is_on) for purpose, is_on in switches(purposes_in_force(subject.pk))}
    if key not in shown:
        raise Http404
    purpose, is_on = shown[key]
    if request.method == "POST":
        try:
            switch_purpose(
                subject=subject, key=key, on=request.POST.get("on") == "yes", channel=ConsentRecord.Channel.WEB
            )
        except PolicyNotInForce:  # no more is agreed to while a changed text waits for an answer
            return redirect("consent_gate")
        messages.success(request, _("Saved. The receipt is below."))
        return redirect("privacy_settings")
    return render(request, "privacy/consent/purpose_switch.html", {"purpose": purpose, "is_on": is_on})


@open_at_the_gate
@login_required
@never_cache
def consent_receipt(request: SubjectRequest, record: str) -> HttpResponse:
    """Download the receipt of one act of consent (ISO/IEC TS 27560)."""
    consent = get_object_or_404(acts_of(request.data_subject.pk), pk=record)
    body = json.dumps(receipt_of_act(consent), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="consent-{consent.at:%Y-%m-%d}-{consent.pk}.json"'}
    return HttpResponse(body, content_type="application/json; charset=utf-8", headers=headers)


@limited_as("consent", "POST")
@open_at_the_gate
@login_required
@never_cache
def consent_gate(request: SubjectRequest) -> HttpResponse:
    """Show what changed since the version that the person accepted, and let them accept, take a copy, or cancel."""
    subject = request.data_subject
    latest = latest_consent(subject.pk)
    if latest is None or not unanswered_changes(subject.pk).exists():
        return redirect("privacy_settings")
    current = version_to_show(subject.jurisdiction, get_language() or "en")
    form = GateForm(request.POST or None, version=current, on_until_now=latest.purposes)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data
        try:
            accept_version(
                subject=subject,
                digest=answer["policy"],
                language=answer["language"],
                channel=ConsentRecord.Channel.WEB,
                purposes=answer["purposes"],
            )
        except PolicyNotInForce:
            messages.warning(request, _("A newer version has come into force. Please read what changed."))
            form = GateForm(version=current, on_until_now=latest.purposes)
        else:
            messages.success(request, _("Thank you. Your receipt is below."))
            return redirect("privacy_settings")
    context = {
        "form": form,
        "accepted": latest.version,
        "asked_again": latest.act == ConsentRecord.Act.ASKED_AGAIN,
        "accepted_at": latest.at,
        "version": current,
        "changes": differences(latest.version, current),
    }
    return render(request, "privacy/consent/gate.html", context)
