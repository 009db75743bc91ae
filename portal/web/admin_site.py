"""The admin site, with the portal's sign-in, a second factor, and a first page of what needs attention."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.second_factors.assurance import session_has_second_factor
from accounts.second_factors.next_page import with_next
from accounts.second_factors.services import has_second_factor
from accounts.sign_in.views.signing_in import sign_out
from portal.operations.first_page import first_page
from portal.web.admin_export import ExportMixin
from portal.web.admin_lists import (
    AuditedSearchMixin,
    BoundedCountMixin,
    DateFilterMixin,
    InvalidAddressMixin,
    RestrictedFiltersMixin,
)
from portal.web.admin_translations import TranslatedValuesMixin
from privacy.branding.brand import service_name


def _staff_title() -> str:
    return gettext("%(service)s: staff") % {"service": service_name()}


class PortalAdminSite(AdminSite):
    """Django's admin without its own sign-in."""

    site_header = site_title = lazy(_staff_title, str)()
    index_title = _("Needs attention")
    index_template = "admin/first_page.html"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # It would delete many rows without the services.
        self.disable_action("delete_selected")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Skip pages of libraries: allauth's e-mail table is empty, and Django's page could change groups."""
        if admin_class is None or not admin_class.__module__.startswith(("allauth.", "django.contrib.auth.")):
            super().register(model_or_iterable, _for_long_tables(admin_class or ModelAdmin), **options)

    def get_urls(self) -> list[Any]:
        """Return the URLs without "view on site", which is not used and fails for an id that is no UUID."""
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this is a member of staff who gave a second factor in this session."""
        return super().has_permission(request) and session_has_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the portal's sign-in, or to giving or setting up a second factor."""
        wanted = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(wanted)  # type: ignore[return-value]
        if not super().has_permission(request) or session_has_second_factor(request):
            raise PermissionDenied
        if has_second_factor(request.user):
            return redirect_to_login(wanted, reverse("sign_in_again"))  # type: ignore[return-value]
        messages.warning(
            request, _("Staff must use two-step verification. Set up an authenticator app or a passkey first.")
        )
        return redirect(with_next("security", wanted))

    def logout(  # type: ignore[override]  # a redirect is no TemplateResponse
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out as the portal's pages do: Django's own page has other words."""
        return sign_out(request)

    def password_change(  # type: ignore[override]  # a redirect is no TemplateResponse
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the portal's page, which limits tries, ends other sessions and notifies the owner."""
        return redirect("change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what needs attention before the list of models."""
        return super().index(request, {**first_page(request), **(extra_context or {})})


def _for_long_tables(admin_class: type[ModelAdmin]) -> type[ModelAdmin]:
    bases = (
        RestrictedFiltersMixin,
        DateFilterMixin,
        ExportMixin,
        BoundedCountMixin,
        AuditedSearchMixin,
        InvalidAddressMixin,
        TranslatedValuesMixin,
        admin_class,
    )
    return type(admin_class.__name__, bases, {"__module__": admin_class.__module__})
