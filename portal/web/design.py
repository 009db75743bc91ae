"""`/design/`: every component of the pages in every state, for those who build pages; never in production."""

from collections.abc import Sequence
from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from accounts.sign_in.forms import CodeForm, PasswordField
from accounts.users.requests import UserRequest
from portal.web.account_pages import ShownPage
from privacy.operations.account_pages import AccountPage, Level, PageState
from privacy.operations.charts import Chart
from privacy.operations.staff_pages import Need
from privacy.operations.watching import MOST_LINES

SCHEMES = ("light", "dark")
CHIPS = {Level.GOOD: _("Protected"), Level.WARN: _("Not verified")}
ICONS = sorted(path.stem for path in (settings.BASE_DIR / "templates" / "components" / "icons").glob("*.svg"))


class SampleForm(forms.Form):
    """A field of each kind; sent empty, each has its error."""

    name = forms.CharField(label=_("Name"), help_text=_("To address you and to handle your requests."))
    password = PasswordField(label=_("Password"), autocomplete="off")
    country = forms.ChoiceField(label=_("Country or region"), choices=[("", ""), ("DE", "DE"), ("RS", "RS")])
    agreed = forms.BooleanField(label=_("I agree."))


@never_cache
def design(request: UserRequest) -> HttpResponse:
    """Show the components; `scheme` chooses light or dark, else the browser does. Production answers 404."""
    if settings.IN_PRODUCTION:
        raise Http404
    scheme = request.GET.get("scheme", "")
    context = {
        "scheme": scheme if scheme in SCHEMES else "",
        "schemes": SCHEMES,
        "levels": [*Level, "danger"],
        "icons": ICONS,
        "pages": [_page(request, level) for level in Level],
        "form": SampleForm(initial={"name": "Maria Petrović"}, prefix="sample"),
        "wrong_form": SampleForm({"wrong-name": "", "wrong-country": "XX"}, prefix="wrong"),
        "code_form": CodeForm(prefix="code"),
        "needs": [
            Need(str(_("Erasures overdue")), 2, "#needs", timezone.now(), is_urgent=True),
            Need(str(_("Legal holds to approve")), MOST_LINES, "#needs", is_at_least=True),
            Need(str(_("Erasures failing")), None, is_urgent=True),
        ],
        "charts": [
            _chart("sample-few", (0, 1, 0, 3)),
            _chart("sample-none", ()),
            _chart("sample-many", (480,)),
        ],
        "toasts": [
            Message(messages.SUCCESS, str(_("Saved. The receipt is below."))),
            Message(messages.WARNING, str(_("Choose a username"))),
        ],
    }
    return render(request, "design/design.html", context)


def _page(request: UserRequest, level: Level) -> ShownPage:
    """Return a page of the account whose state has this level; without one it has no chip."""
    state = PageState(str(_("Your password is set.")), str(CHIPS.get(level, "")), level, str(_("Change password")))
    page = AccountPage("design", _("Sign-in and security"), "key", 0, lambda _request: state)
    return ShownPage(page, request, url="#")


def _chart(name: str, counts: Sequence[int]) -> Chart:
    today = timezone.localdate()
    days = [(today - timedelta(days=back), counts[back] if back < len(counts) else 0) for back in reversed(range(14))]
    return Chart(name, str(_("Registrations in the last 14 days")), days)
