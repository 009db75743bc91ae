"""`/register/`, `/register/individual/`, `/register/enterprise/`: four steps; only the last one stores anything."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters

from accounts.contact_points.code_requests import FirstCode
from accounts.profiles.forms import USERNAME_TAKEN
from accounts.registration.forms import CountryForm, RegistrationForm
from accounts.registration.services import Agreement, SubmissionUsed, register_person
from accounts.registration.steps import CHILD, RegistrationStep, step_context, typed_values, wanted_step
from accounts.registration.with_child import answer_signed_in
from accounts.sign_in.after_registration import begin_first_sign_in
from accounts.tries.limits import consume
from accounts.tries.networks import network_of
from accounts.users.language_switch import is_switching_language, switches_language
from accounts.users.services import UsernameTaken
from privacy.consent.models import ConsentRecord
from privacy.consent.services import PolicyNotInForce, require_shown_version
from privacy.guardians.browser import is_marked, mark_browser
from privacy.guardians.forms import BIRTH_FIELDS, GuardianForm, signed_age
from privacy.guardians.opened import AgreedChild, agreed_child
from privacy.guardians.services import ChildGone
from privacy.inventory.declarations import Kind
from privacy.jurisdictions.country_codes import is_country
from privacy.jurisdictions.country_names import country_name, guessed_country
from privacy.jurisdictions.jurisdictions import (
    Jurisdiction,
    NotStoredHere,
    jurisdiction_of_country,
    require_stored_here,
)
from privacy.policies.differences import differences
from privacy.policies.models import PolicyVersion
from privacy.policies.queries import version_by_digest, version_to_show
from privacy.policies.summary import summary_of

COUNTRY, YOU, POLICY, CHECK = RegistrationStep
# With `no-store` the browser's own Back would lose what was typed. The last step clears what the browser kept.
_stays_in_history = cache_control(private=True, no_cache=True, max_age=0)
_IN_BROWSER = '"cache"'


@dataclass
class _Visit:
    """A request for a page of registration, whose kind and country are known."""

    request: HttpRequest
    kind: str
    country: str
    jurisdiction: Jurisdiction

    @property
    def typed(self) -> QueryDict:
        """What was typed so far, with kind and country."""
        typed = self.request.POST.copy()
        typed["kind"], typed["country"] = self.kind, self.country
        if self.child:
            typed[CHILD] = str(self.child.number)
        return typed

    @cached_property
    def child(self) -> AgreedChild | None:
        """The child for whom their guardian registers, in the country that they were asked for; None for all others.

        An enterprise is no child: a person who registers one answers the age question.
        """
        number = self.request.POST.get(CHILD) or self.request.GET.get(CHILD) or ""
        found = agreed_child(self.request, number) if number and self.kind == Kind.INDIVIDUAL else None
        return found if found and found.country in (self.country, "") else None

    @property
    def current(self) -> PolicyVersion:
        """The version in force, in the reader's language where it exists in that language."""
        return version_to_show(self.jurisdiction.code, get_language() or "en")

    @property
    def shown(self) -> PolicyVersion | None:
        """The version that the page of the policy showed, whether or not it is in force."""
        digest = self.request.POST.get("policy", "")
        return self.current if digest == self.current.digest else version_by_digest(self.jurisdiction.code, digest)

    def form(self, version: PolicyVersion | None = None, **options: Any) -> RegistrationForm:
        """Return the form for a version; for the one in force without one."""
        form = RegistrationForm(kind=self.kind, country=self.country, version=version or self.current, **options)
        if self.child:
            form.is_for_child(self.child.marks, self.country)
        return form


@_stays_in_history
@sensitive_post_parameters(*BIRTH_FIELDS)
@switches_language
def begin(request: HttpRequest) -> HttpResponse:
    """Ask who registers, where, and when they were born: the first step."""
    if request.user.is_authenticated:
        return redirect("home")
    if request.method != "POST":
        return _ask_country(request, kind="")
    form = CountryForm(request.POST)
    if is_switching_language(request):
        return _ask_country(request, kind=request.POST.get("kind", ""))
    if not form.is_valid():
        return _ask_country(request, kind="", form=form)
    return _registration(request, form.cleaned_data["kind"], form.cleaned_data["country"], YOU)


@_stays_in_history
@sensitive_post_parameters("password", *BIRTH_FIELDS)
@switches_language
def registration(request: HttpRequest, kind: str) -> HttpResponse:
    """Show a step of registration, or register the person who sends the last one."""
    if kind not in list(Kind):
        raise Http404
    if request.user.is_authenticated:
        return answer_signed_in(request, kind)
    step = wanted_step(request) if request.method == "POST" else YOU
    country = request.POST.get("country") or request.GET.get("country") or ""
    if not is_country(country) or step is COUNTRY:
        return _ask_country(request, kind)
    return _registration(request, kind, country, step)


def _registration(request: HttpRequest, kind: str, country: str, step: RegistrationStep | None) -> HttpResponse:
    jurisdiction = jurisdiction_of_country(country)
    try:
        require_stored_here(jurisdiction)
    except NotStoredHere as elsewhere:
        return _send_elsewhere(request, elsewhere, country)
    visit = _Visit(request, kind, country, jurisdiction)
    return _unless_of_age(visit) or _at_step(visit, step)


def _unless_of_age(visit: _Visit) -> HttpResponse | None:
    """Return the page for somebody who has not answered the age question, or is too young; None for all others."""
    if visit.child:
        return None
    first = CountryForm(visit.typed)
    if not first.is_valid():
        return _ask_country(visit.request, visit.kind, form=first if visit.request.method == "POST" else None)
    if not first.age.is_reached:
        form = GuardianForm(initial={"age": signed_age(first.age)})
        response = render(visit.request, "privacy/guardians/ask.html", {"form": form})
        mark_browser(response)
        return response
    if is_marked(visit.request):
        return render(visit.request, "privacy/guardians/answered_before.html", status=HTTPStatus.FORBIDDEN)
    return None


def _at_step(visit: _Visit, step: RegistrationStep | None) -> HttpResponse:
    if step is None:
        return _register(visit)
    if step is YOU:
        return _show(visit, YOU, visit.form(initial=typed_values(visit.typed)))
    return _go_on(visit, step)


def _go_on(visit: _Visit, step: RegistrationStep) -> HttpResponse:
    """Check what was typed about the person, and show the policy, or what is to be agreed to."""
    if step is POLICY:
        consume("username", network=network_of(visit.request))
    form = visit.form(data=visit.typed, needs_free_username=step is POLICY)
    form.is_valid()
    if YOU in form.steps_with_errors:
        return _show(visit, YOU, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if step is POLICY or not visit.shown:
        return _show_policy(visit)
    if _is_replaced(visit):
        return _show_changed(visit)
    agreement = visit.form(visit.shown, initial=typed_values(visit.typed))
    return _show(visit, CHECK, agreement, answers=form.answers)


def _register(visit: _Visit) -> HttpResponse:
    consume("register", network=network_of(visit.request))
    form = visit.form(visit.shown, data=visit.typed)
    if not form.is_valid():
        return _show_errors(visit, form)
    cleaned, first_code = form.cleaned_data, FirstCode(visit.request)
    try:
        user = register_person(
            kind=visit.kind,
            values=form.profile_values,
            agreement=Agreement(cleaned["policy"], cleaned["language"], cleaned["purposes"]),
            submission=cleaned["submission"],
            channel=ConsentRecord.Channel.WEB,
            first_code=first_code,
            child=visit.child.number if visit.child else None,
        )
    except ChildGone:
        return render(visit.request, "privacy/guardians/gone.html", status=HTTPStatus.GONE)
    except UsernameTaken:
        form.add_error("username", USERNAME_TAKEN)
        return _show_errors(visit, form)
    except SubmissionUsed:
        return redirect("sign_in")
    except PolicyNotInForce:
        return _show_changed(visit)
    answer = begin_first_sign_in(visit.request, user, first_code)
    answer["Clear-Site-Data"] = _IN_BROWSER
    return answer


def _show_errors(visit: _Visit, form: RegistrationForm) -> HttpResponse:
    """Show the first step with errors; the policy again where another text is in force or none was shown."""
    if YOU in form.steps_with_errors:
        return _show(visit, YOU, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if _is_replaced(visit):
        return _show_changed(visit)
    if POLICY in form.steps_with_errors:
        return _show_policy(visit, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _show(visit, CHECK, form, HTTPStatus.UNPROCESSABLE_ENTITY, answers=form.answers)


def _is_replaced(visit: _Visit) -> bool:
    """Whether the page showed another text than the one in force."""
    language, digest = visit.request.POST.get("language", ""), visit.request.POST.get("policy", "")
    if not language or not digest:
        return False
    try:
        require_shown_version(jurisdiction=visit.jurisdiction.code, language=language, digest=digest)
    except PolicyNotInForce:
        return True
    return False


def _show_changed(visit: _Visit) -> HttpResponse:
    """Show the policy again, and what changed where that is known: another text is in force, or the country's."""
    shown = visit.shown
    changes = {"changes": differences(shown, visit.current)} if shown else {}
    return _show_policy(visit, HTTPStatus.CONFLICT, policy_changed=True, **changes)


def _show_policy(visit: _Visit, status: int = HTTPStatus.OK, **extra: object) -> HttpResponse:
    """Show the text in force with its summary; the page asks for nothing."""
    summary = summary_of(visit.kind, visit.jurisdiction, visit.current, visit.country)
    return _show(visit, POLICY, visit.form(), status, summary=summary, **extra)


def _show(
    visit: _Visit, step: RegistrationStep, form: RegistrationForm, status: int = HTTPStatus.OK, **extra: object
) -> HttpResponse:
    form.show_only(step)
    required, optional = form.asked_apart
    context = step_context(step, visit.typed, form.names_asked) | {
        "form": form,
        "required": required,
        "optional": optional,
        "optional_is_open": any(field.errors or field.value() for field in optional),
        "kind": f"register_{visit.kind}",
        "country": country_name(visit.country),
        "jurisdiction": visit.jurisdiction,
        "for_child": visit.child is not None,
        "version": form.version,
        **extra,
    }
    return render(visit.request, f"accounts/registration/{step}.html", context, status=status)


def _ask_country(request: HttpRequest, kind: str, form: CountryForm | None = None) -> HttpResponse:
    """Ask for kind and country; the browser's country is offered until the person says one."""
    said = request.POST.get("country") or request.GET.get("country") or ""
    guess = guessed_country(request) if not said else ""
    if form is None:
        birth = {name: request.POST.get(name, "") for name in BIRTH_FIELDS}
        form = CountryForm(initial={"kind": kind or request.GET.get("kind", ""), "country": said or guess} | birth)
    if said and not is_country(said) and not form.is_bound:
        form = CountryForm({"kind": kind, "country": said})
    if guess:
        form.fields["country"].help_text = _("We guessed this from your browser. If it's wrong, change it.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = step_context(COUNTRY, request.POST, form.fields) | {"form": form}
    return render(request, "accounts/registration/country.html", context, status=status)


def _send_elsewhere(request: HttpRequest, elsewhere: NotStoredHere, country: str) -> HttpResponse:
    """Redirect to the site that stores their jurisdiction's data; nothing is stored here."""
    if elsewhere.url:
        return redirect(f"{elsewhere.url.rstrip('/')}{request.path}?{urlencode({'country': country})}")
    context = {"jurisdiction": elsewhere.jurisdiction}
    return render(request, "accounts/registration/elsewhere.html", context, status=HTTPStatus.MISDIRECTED_REQUEST)
