"""`/register/`, `/register/individual/`, `/register/enterprise/`: the country first, then every field."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.contact_points.code_requests import FirstCode
from accounts.profiles.forms import USERNAME_TAKEN
from accounts.registration.forms import SECRETS, CountryForm, RegistrationForm
from accounts.registration.services import Agreement, SubmissionUsed, register_person
from accounts.sign_in.after_registration import begin_first_sign_in
from accounts.tries.limits import consume
from accounts.tries.networks import network_of
from accounts.users.language_switch import is_switching_language, switches_language
from accounts.users.services import UsernameTaken
from privacy.consent.models import ConsentRecord
from privacy.consent.services import PolicyNotInForce, require_shown_version
from privacy.inventory.declarations import Kind
from privacy.inventory.queries import fields_for
from privacy.jurisdictions.countries import is_country
from privacy.jurisdictions.jurisdictions import (
    Jurisdiction,
    NotStoredHere,
    jurisdiction_of_country,
    require_stored_here,
)
from privacy.policies.differences import differences
from privacy.policies.queries import version_by_digest, version_to_show


def choose_kind(request: HttpRequest) -> HttpResponse:
    """Ask who registers: a person or an enterprise."""
    return render(request, "accounts/registration/choose_kind.html")


@never_cache
@sensitive_post_parameters("password")
@switches_language
def registration(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form of a kind for a country, and register the person who sends it."""
    if kind not in list(Kind):
        raise Http404
    if request.user.is_authenticated:
        return redirect("home")
    country = request.POST.get("country") or request.GET.get("country") or _guessed_country(request)
    if not is_country(country):
        return _ask_country(request, kind, country)
    jurisdiction = jurisdiction_of_country(country)
    try:
        require_stored_here(jurisdiction)
    except NotStoredHere as elsewhere:
        return _send_elsewhere(request, elsewhere, country)
    if request.method == "POST" and "change_country" not in request.POST and not is_switching_language(request):
        return _register(request, kind, country, jurisdiction)
    form = _form(kind, country, jurisdiction, initial=_typed(request.POST, kind) | {"country": country})
    if "country" not in request.POST and "country" not in request.GET:
        form.fields["country"].help_text = _("We guessed this from your browser. If it's wrong, change it.")
    return _show(request, kind, form, jurisdiction)


def _register(request: HttpRequest, kind: str, country: str, jurisdiction: Jurisdiction) -> HttpResponse:
    consume("register", network=network_of(request))
    form = _form(kind, country, jurisdiction, data=request.POST)
    if not form.is_valid():
        return _show_errors(request, kind, country, jurisdiction, form)
    cleaned, first_code = form.cleaned_data, FirstCode(request)
    try:
        user = register_person(
            kind=kind,
            values=form.profile_values,
            agreement=Agreement(cleaned["policy"], cleaned["language"], cleaned["purposes"]),
            submission=cleaned["submission"],
            channel=ConsentRecord.Channel.WEB,
            first_code=first_code,
        )
    except UsernameTaken:
        form.add_error("username", USERNAME_TAKEN)
        return _show(request, kind, form, jurisdiction, HTTPStatus.UNPROCESSABLE_ENTITY)
    except SubmissionUsed:
        return redirect("sign_in")
    except PolicyNotInForce:
        return _ask_again(request, kind, country, jurisdiction)
    return begin_first_sign_in(request, user, first_code)


def _show_errors(
    request: HttpRequest, kind: str, country: str, jurisdiction: Jurisdiction, form: RegistrationForm
) -> HttpResponse:
    """Show all errors, and what changed where another version came into force meanwhile."""
    if not _agrees_to_another_text(request, jurisdiction):
        return _show(request, kind, form, jurisdiction, HTTPStatus.UNPROCESSABLE_ENTITY)
    typed = request.POST.copy()
    typed["policy"], typed["language"] = form.version.digest, form.version.language
    typed.pop("agreed", None)  # the agreement was to another text
    again = _form(kind, country, jurisdiction, data=typed)
    return _show(request, kind, again, jurisdiction, HTTPStatus.CONFLICT, _changed(request, jurisdiction, form))


def _agrees_to_another_text(request: HttpRequest, jurisdiction: Jurisdiction) -> bool:
    language, digest = request.POST.get("language", ""), request.POST.get("policy", "")
    if not language or not digest:
        return False
    try:
        require_shown_version(jurisdiction=jurisdiction.code, language=language, digest=digest)
    except PolicyNotInForce:
        return True
    return False


def _ask_again(request: HttpRequest, kind: str, country: str, jurisdiction: Jurisdiction) -> HttpResponse:
    """Show the form again with the typed values: another version is in force, or the country has another policy."""
    form = _form(kind, country, jurisdiction, initial=_typed(request.POST, kind))
    return _show(request, kind, form, jurisdiction, HTTPStatus.CONFLICT, _changed(request, jurisdiction, form))


def _changed(request: HttpRequest, jurisdiction: Jurisdiction, form: RegistrationForm) -> dict[str, object]:
    """Return the context for a text that is no longer in force: what changed since, where known."""
    shown = version_by_digest(jurisdiction.code, request.POST.get("policy", ""))
    return {"policy_changed": True} | ({"changes": differences(shown, form.version)} if shown else {})


def _form(kind: str, country: str, jurisdiction: Jurisdiction, **options: object) -> RegistrationForm:
    version = version_to_show(jurisdiction.code, get_language() or "en")
    return RegistrationForm(kind=kind, country=country, jurisdiction=jurisdiction, version=version, **options)


def _show(
    request: HttpRequest,
    kind: str,
    form: RegistrationForm,
    jurisdiction: Jurisdiction,
    status: int = HTTPStatus.OK,
    extra: dict[str, object] | None = None,
) -> HttpResponse:
    context = {"form": form, "kind": kind, "jurisdiction": jurisdiction, "version": form.version, **(extra or {})}
    return render(request, "accounts/registration/register.html", context, status=status)


def _ask_country(request: HttpRequest, kind: str, country: str) -> HttpResponse:
    form = CountryForm({"country": country} if country else None, kind=kind)
    return render(request, "accounts/registration/country.html", {"form": form, "kind": kind})


def _send_elsewhere(request: HttpRequest, elsewhere: NotStoredHere, country: str) -> HttpResponse:
    """Redirect to the site that stores their jurisdiction's data; nothing is stored here."""
    if elsewhere.url:
        return redirect(f"{elsewhere.url.rstrip('/')}{request.path}?{urlencode({'country': country})}")
    context = {"jurisdiction": elsewhere.jurisdiction}
    return render(request, "accounts/registration/elsewhere.html", context, status=HTTPStatus.MISDIRECTED_REQUEST)


def _typed(data: QueryDict, kind: str) -> dict[str, object]:
    """Return the typed values without secrets and the agreement, as initial values."""
    typed: dict[str, object] = {
        declared.key: data[declared.key]
        for declared in fields_for(kind)
        if declared.key in data and declared.key not in SECRETS
    }
    if data:
        typed |= {"purposes": data.getlist("purposes"), "age_confirmed": bool(data.get("age_confirmed"))}
    return typed


def _guessed_country(request: HttpRequest) -> str:
    """Return the region of the browser's first language, such as `CN` of `zh-CN`; the person can change it."""
    for language, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        _language, _, region = to_locale(language).rpartition("_")
        if is_country(region):
            return region
    return ""
