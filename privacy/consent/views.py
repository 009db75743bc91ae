"""`/settings/privacy/`: consents with their receipts, the switches of purposes, and the consent gate."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from privacy.consent.forms import GateForm
from privacy.consent.models import ConsentRecord
from privacy.consent.queries import (
    acts_of,
    announced_version,
    every_act,
    has_unanswered_changes,
    latest_consent,
    purposes_in_force,
    unanswered_changes,
)
from privacy.consent.receipt_page import shown_receipt
from privacy.consent.receipts import receipt_of_act
from privacy.consent.services import PolicyNotInForce, accept_version, switch_purpose
from privacy.inventory.offered_services import page_for_purpose
from privacy.inventory.purposes import switches
from privacy.inventory.retention_classes import labels_of
from privacy.inventory.third_parties import third_parties
from privacy.jurisdictions.jurisdictions import get_jurisdiction
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
    consents = every_act(subject.pk)
    accepted = consents[0] if consents else None
    context = {
        # At the gate the change is material; a material change is never only announced.
        "announced": None if has_unanswered_changes(subject) else announced_version(accepted),
        "accepted": accepted,
        "consents": consents,
        "purposes": switches(list(accepted.purposes) if accepted else []),
        "controller": get_jurisdiction(subject.jurisdiction).controller,
        "others": [(party.name, labels_of(party.classes)) for party in third_parties()],
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
        return redirect(_asked_next(request, key) or "privacy_settings")
    return render(request, "privacy/consent/purpose_switch.html", {"purpose": purpose, "is_on": is_on})


def _asked_next(request: SubjectRequest, key: str) -> str:
    """Return the page that asks for what a purpose that was switched on needs, or an empty text."""
    if request.POST.get("on") != "yes":
        return ""
    return page_for_purpose(request.data_subject.pk, key, then=reverse("privacy_settings"))


@open_at_the_gate
@login_required
@never_cache
def consent_receipt_page(request: SubjectRequest, record: str) -> HttpResponse:
    """Show the receipt of one act of consent as a document to keep or print."""
    consent = get_object_or_404(acts_of(request.data_subject.pk), pk=record)
    jurisdiction = get_jurisdiction(consent.version.jurisdiction)
    context = {"consent": consent, "controller": jurisdiction.controller, "receipt": shown_receipt(consent)}
    return render(request, "privacy/consent/receipt.html", context)


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
