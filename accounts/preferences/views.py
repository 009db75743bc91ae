"""`/settings/preferences/`: language and time format; the switch in the head of each page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language

from accounts.preferences.forms import PreferencesForm
from accounts.users.language_switch import use_language, with_language_cookie
from accounts.users.preferences import choose_preferences
from accounts.users.requests import UserRequest
from privacy.preferences.preferences import supported_language
from privacy.subjects.markers import open_at_the_gate, open_with_temporary_password


@open_at_the_gate
@login_required
@never_cache
def preferences(request: UserRequest) -> HttpResponse:
    """Show language and time format, and store a choice."""
    form = PreferencesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        choose_preferences(request.user, language=language, time_format=form.cleaned_data["time_format"])
        use_language(request, language)
        messages.success(request, _("Saved."))
        return with_language_cookie(redirect("preferences"), language)
    return render(request, "accounts/preferences/preferences.html", {"form": form})


@open_with_temporary_password
@open_at_the_gate
def switch_language(request: HttpRequest) -> HttpResponse:
    """Answer the language buttons of a page; a signed-in person keeps the choice."""
    language = supported_language(request.POST.get("language"))
    if language and request.user.is_authenticated:
        choose_preferences(request.user, language=language)
    return set_language(request)
