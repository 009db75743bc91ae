"""The page that renames a device or a passkey."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.sessions.forms import NameForm
from accounts.sessions.names import NamedGone
from accounts.users.requests import UserRequest


def ask_for_name(
    request: UserRequest, *, title: str, current: str, typed: str, save: Callable[[str], None], back: str
) -> HttpResponse:
    """Ask for a new name, and store it.

    `current` is the name that is shown now, `typed` the one that its owner typed, or empty; `save` takes the checked
    name and may raise `NamedGone`, and `back` names the URL of the page that it came from.
    """
    form = NameForm(request.POST or None, initial={"name": typed})
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data["name"])
        except NamedGone:
            messages.warning(request, _("It was removed in the meantime, so the name is not saved."))
        else:
            messages.success(request, _("Name saved."))
        return redirect(back)
    context = {"form": form, "title": title, "current": current, "back_url": reverse(back)}
    return render(request, "accounts/sessions/rename.html", context)
