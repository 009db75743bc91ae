"""Registration that begins with values from elsewhere: the person reads each, and nothing is taken for confirmed."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts.registration.forms import CountryForm
from accounts.registration.steps import RegistrationStep, step_context


def begin_with(request: HttpRequest, *, kind: str, values: Mapping[str, str]) -> HttpResponse:
    """Show the first step for a kind of registration; the later ones show these values, by the inventory's keys."""
    typed = QueryDict(mutable=True)
    typed.update({"kind": kind, **values})
    form = CountryForm(initial={"kind": kind, "country": values.get("country", "")})
    context = step_context(RegistrationStep.COUNTRY, typed, form.fields) | {"form": form}
    return render(request, "accounts/registration/country.html", context)
