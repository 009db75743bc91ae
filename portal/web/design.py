"""`/design/`: every component of the pages in every state, for those who build pages; never in production."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.sign_in.forms import CodeForm, PasswordField
from privacy.operations.account_pages import Level

SCHEMES = ("light", "dark")


class SampleForm(forms.Form):
    """A field of each kind; sent empty, each has its error."""

    name = forms.CharField(label=_("Name"), help_text=_("To address you and to handle your requests."))
    password = PasswordField(label=_("Password"), autocomplete="off")
    country = forms.ChoiceField(label=_("Country or region"), choices=[("", ""), ("DE", "DE"), ("RS", "RS")])
    agreed = forms.BooleanField(label=_("I agree."))


@never_cache
def design(request: HttpRequest) -> HttpResponse:
    """Show the components; `scheme` chooses light or dark, else the browser does. Production answers 404."""
    if settings.IN_PRODUCTION:
        raise Http404
    scheme = request.GET.get("scheme", "")
    context = {
        "scheme": scheme if scheme in SCHEMES else "",
        "schemes": SCHEMES,
        "levels": [*Level, "danger"],
        "form": SampleForm(initial={"name": "Maria Petrović"}, prefix="sample"),
        "wrong_form": SampleForm({"wrong-name": "", "wrong-country": "XX"}, prefix="wrong"),
        "code_form": CodeForm(prefix="code"),
        "toasts": [
            Message(messages.SUCCESS, str(_("Saved. The receipt is below."))),
            Message(messages.WARNING, str(_("Choose a username"))),
        ],
    }
    return render(request, "design/design.html", context)
