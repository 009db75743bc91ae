"""`/guardians/`: a child names a parent or guardian; the guardian reads what it is about, and agrees or refuses."""

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from privacy.guardians.browser import is_marked, mark_browser
from privacy.guardians.forms import GuardianForm, SecondContactForm
from privacy.guardians.information import parts_for
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.opened import close_child, is_second, open_child, opened_child
from privacy.guardians.own_addresses import ProofRefused
from privacy.guardians.proving import agree_by_link, confirm_account, confirm_second, proofs_for
from privacy.guardians.queries import child_with_token
from privacy.guardians.services import AlreadyAnswered, ChildGone, GuardianAddress, ask_guardian, refuse
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.notices.addresses import masked_address
from privacy.subjects.markers import fresh_sign_in_required, limited_as, open_at_the_gate
from privacy.subjects.requests import SubjectRequest


def for_opened_child(view: Callable[[Any, PendingChild], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """Give a view the child of its address, who was opened in this session; without the child, show that it is gone.

    The view may raise `ChildGone`. Any other child is a `Http404`.
    """

    @wraps(view)
    def found(request: HttpRequest, child_id: str) -> HttpResponse:
        child = opened_child(request, child_id)
        try:
            return _gone(request) if child is None else view(request, child)
        except ChildGone:
            return _gone(request)

    return found


@sensitive_post_parameters("contact", "called")
@limited_as("guardian", "POST")
@open_at_the_gate
@never_cache
def name_guardian(request: HttpRequest) -> HttpResponse:
    """Write to the parent or guardian whom a child names. The page without a form begins registration again."""
    if request.method != "POST":
        return redirect("register")
    form = GuardianForm(request.POST)
    if not form.is_valid():
        if form.has_error("age"):
            return redirect("register")
        return render(request, "privacy/guardians/ask.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    cleaned = form.cleaned_data
    guardian = GuardianAddress(cleaned["channel"], cleaned["address"], cleaned["message_language"])
    ask_guardian(age=cleaned["age"], guardian=guardian, called=cleaned["called"])
    response = redirect("guardian_asked")
    mark_browser(response)
    return response


@open_at_the_gate
def guardian_asked(request: HttpRequest) -> HttpResponse:
    """Say what happens now; the same for every child."""
    return render(request, "privacy/guardians/asked.html")


@limited_as("receipt")
@open_at_the_gate
@never_cache
def guardian_link(request: HttpRequest, token: str, answer: str) -> HttpResponse:
    """Take the secret of the link into the session, and go to the page, whose address holds no secret."""
    child = child_with_token(token)
    if child is None:
        return _gone(request)
    open_child(request, child, token)
    response = redirect("guardian_page", child.pk)
    response["Location"] += f"#{answer}" if answer in ("agree", "refuse", "confirm") else ""
    return response


@open_at_the_gate
@never_cache
@for_opened_child
def guardian_page(request: HttpRequest, child: PendingChild) -> HttpResponse:
    """Show what the guardian decides about, with both answers. It changes nothing."""
    return _show(request, child)


@require_POST
@sensitive_post_parameters("contact")
@open_at_the_gate
@never_cache
@for_opened_child
def guardian_agrees(request: HttpRequest, child: PendingChild) -> HttpResponse:
    """Note that the guardian agrees. The child's own browser cannot."""
    form = SecondContactForm(request.POST, country=child.country, proofs=proofs_for(child))
    if is_marked(request) or not form.is_valid():
        return _show(request, child, HTTPStatus.UNPROCESSABLE_ENTITY, form=form)
    given = form.cleaned_data
    second = GuardianAddress(given["channel"], given["address"], child.language) if "address" in given else None
    return _answer(request, child, partial(agree_by_link, child=child, second=second), form)


@require_POST
@open_at_the_gate
@never_cache
@for_opened_child
def guardian_confirms(request: HttpRequest, child: PendingChild) -> HttpResponse:
    """Note that the guardian agrees at their second contact point, whose link was opened in this session."""
    if is_marked(request) or not is_second(request, child):
        return _show(request, child, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _answer(request, child, partial(confirm_second, child=child))


@fresh_sign_in_required
@login_required
@open_at_the_gate
@never_cache
@for_opened_child
def guardian_signs_in(request: SubjectRequest, child: PendingChild) -> HttpResponse:
    """Ask a person who has just signed in whether they agree as the guardian; a POST notes it."""
    if request.method != "POST" or is_marked(request):
        return _show(request, child, by_account=True)
    return _answer(request, child, partial(confirm_account, child=child, account=request.data_subject))


@require_POST
@open_at_the_gate
@never_cache
@for_opened_child
def guardian_refuses(request: HttpRequest, child: PendingChild) -> HttpResponse:
    """Ask once more; then delete the child who waits, at once."""
    if not request.POST.get("is_sure"):
        return render(request, "privacy/guardians/refuse.html", {"child": child})
    refuse(child=child)
    close_child(request, child)
    return redirect("guardian_refused")


@open_at_the_gate
def guardian_refused(request: HttpRequest) -> HttpResponse:
    """Say that nothing is stored any more."""
    return render(request, "privacy/guardians/refused.html")


def _answer(
    request: HttpRequest, child: PendingChild, answer: Callable[[], PendingChild], form: Form | None = None
) -> HttpResponse:
    """Give an answer, and go to the page, which says what is outstanding."""
    try:
        answer()
    except AlreadyAnswered:
        pass  # the page says so
    except ProofRefused as refused:
        extra = {"form": form} if form else {}
        return _show(request, child, HTTPStatus.UNPROCESSABLE_ENTITY, refused=str(refused), **extra)
    return redirect("guardian_page", child.pk)


def _show(request: HttpRequest, child: PendingChild, status: int = HTTPStatus.OK, **extra: object) -> HttpResponse:
    context = {
        "child": child,
        "form": SecondContactForm(country=child.country, proofs=proofs_for(child)),
        "second": masked_address(str(child.second_address)) if child.second_address else "",
        "proofs": proofs_for(child),
        "own_browser": is_marked(request),
        "is_second": is_second(request, child),
        "parts": parts_for(child.country, child.jurisdiction),
        "jurisdiction": get_jurisdiction(child.jurisdiction),
        **extra,
    }
    return render(request, "privacy/guardians/decide.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/guardians/gone.html", status=HTTPStatus.GONE)
