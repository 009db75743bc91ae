"""`/settings/cancel/` and `/receipts/<reference>/`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from privacy.consent.queries import clauses_accepted
from privacy.erasure.earlier_receipts import earlier_receipts
from privacy.erasure.forms import ReferenceForm
from privacy.erasure.labels import data_store_names
from privacy.erasure.legal_holds import held_now, held_of
from privacy.erasure.models import ErasureCase, ErasureReceipt
from privacy.erasure.queries import clauses_of, last_receipt
from privacy.erasure.services import AlreadyCancelled, cancel_account
from privacy.guardians.own_addresses import guardianships_of_guardian
from privacy.inventory.periods import period_in_words
from privacy.inventory.queries import declared_records
from privacy.inventory.retention_classes import in_a_row, labels_of, words_of
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.policies.grounds import RetentionGround
from privacy.policies.topics import deletion_topic, retention_topic
from privacy.recipients.queries import deliveries_of_case, holding_recipients
from privacy.subjects.markers import fresh_sign_in_required, limited_as, open_at_the_gate
from privacy.subjects.references import read_reference
from privacy.subjects.requests import SubjectRequest


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
def cancel(request: SubjectRequest) -> HttpResponse:
    """Say what happens, when, what stays and why; then cancel."""
    is_confirmed = bool(request.POST.get("confirmed"))
    if request.method == "POST" and is_confirmed:
        return _cancel(request)
    now, subject = timezone.now(), request.data_subject.pk
    held = held_now(subject)
    context = {
        "due_at": now + settings.COOLING_OFF,
        "deadline_at": now + settings.COOLING_OFF + settings.ERASE_WITHIN,
        "undo_for": period_in_words(settings.COOLING_OFF) if settings.COOLING_OFF else "",
        "erase_within": period_in_words(settings.ERASE_WITHIN),
        "recipients": in_a_row(holding_recipients().values_list("name", flat=True)),
        "held": _held(held, clauses_accepted(subject) if held else {}),
        "to_be_kept": _to_be_kept(),
        "is_guardian": guardianships_of_guardian(request.data_subject).exists(),
        "needs_tick": request.method == "POST" and not is_confirmed,
    }
    return render(request, "privacy/erasure/cancel.html", context)


@limited_as("receipt")
@open_at_the_gate
@never_cache
def erasure_receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the state of an erasure to anyone who has its reference, without signing in."""
    case = get_object_or_404(ErasureCase, reference=read_reference(reference))
    receipt = last_receipt(case)
    deliveries = [(delivery, labels_of(delivery.classes)) for delivery in deliveries_of_case(case.pk)]
    cited = clauses_of(case, receipt)
    held = _held(held_of(case, receipt), cited)
    ground = cited.get(deletion_topic(case.ground), "")
    context: dict[str, object] = {
        "case": case,
        "ground_in": ground,
        "moved_to": get_jurisdiction(case.moved_to).name if case.moved_to else "",
        "receipt": receipt,
        "deliveries": deliveries,
        "held": held,
    }
    if receipt:
        context |= {"erased": _erased(receipt), "kept": _kept(receipt), "earlier": list(earlier_receipts(case))}
    elif case.is_open:
        context |= {"to_be_kept": _to_be_kept()}
    return render(request, "privacy/erasure/receipt.html", context)


@limited_as("receipt")
@open_at_the_gate
@never_cache
def receipt_lookup(request: HttpRequest) -> HttpResponse:
    """Show the form for a reference, and redirect to its page."""
    form = ReferenceForm(request.GET or None)
    if form.is_valid():
        return redirect("erasure_receipt", reference=form.cleaned_data["reference"])
    return render(request, "privacy/erasure/receipt_lookup.html", {"form": form})


def _cancel(request: SubjectRequest) -> HttpResponse:
    try:
        case = cancel_account(subject=request.data_subject)
    except AlreadyCancelled as already:
        if already.case is None:
            raise
        case = already.case
    logout(request)
    return redirect("erasure_receipt", reference=case.reference)


def _to_be_kept() -> list[tuple[str, list[tuple[str, str]]]]:
    """What is kept and why, by how long: each reason once, in the order of a receipt."""
    periods: dict[str, dict[str, list[str]]] = {}
    for model, record in sorted(declared_records(), key=lambda row: row[0]._meta.label_lower):
        if record.keeps and record.retention:
            reasons = periods.setdefault(words_of(record.retention), {})
            reasons.setdefault(str(record.keeps), []).append(str(model._meta.verbose_name_plural))
    return [(period, [(in_a_row(names), why) for why, names in reasons.items()]) for period, reasons in periods.items()]


def _erased(receipt: ErasureReceipt) -> list[tuple[str, int]]:
    names = data_store_names()
    return [(names.get(name, name), count) for name, count in sorted(receipt.counts.items())]


def _kept(receipt: ErasureReceipt) -> list[tuple[int, str, str]]:
    names = data_store_names()
    reasons = {model._meta.label_lower: str(record.keeps) for model, record in declared_records()}
    kept = sorted(receipt.kept, key=lambda row: row["holder"])
    return [(row["count"], names.get(row["holder"], row["holder"]), reasons.get(row["holder"], "")) for row in kept]


def _held(holds: list[dict[str, Any]], cited: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {
            **hold,
            "why": RetentionGround(hold["exception"]).label,
            "clause": cited.get(retention_topic(hold["exception"]), ""),
            "until": datetime.fromisoformat(hold["until"]),
            "kept": labels_of(name for name in hold["classes"] if name not in hold.get("lost", [])),
            "lost": labels_of(hold.get("lost", [])),
            "lost_at": datetime.fromisoformat(hold["lost_at"]) if hold.get("lost") else None,
        }
        for hold in holds
    ]
