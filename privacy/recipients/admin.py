"""Recipients in the admin: registered, given a new secret, retired; and their deliveries, to read."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache

from privacy.evidence.admin import EvidenceAdmin, NeedsFilter
from privacy.inventory.queries import field_labels
from privacy.inventory.retention_classes import labels_of
from privacy.recipients.forms import RecipientForm
from privacy.recipients.models import Delivery, Recipient
from privacy.recipients.queries import endangered_deliveries, failed_deliveries, late_deliveries
from privacy.recipients.references import reference_for
from privacy.recipients.services import (
    change_recipient,
    register_recipient,
    rotate_secret,
    set_recipient_state,
    settle_delivery,
    try_again,
)

TEMPLATES = "admin/privacy/recipient"
ROTATE = "rotate"
STATES = {"retire": Recipient.State.RETIRED, "notify-again": Recipient.State.ACTIVE}
QUESTIONS = {
    ROTATE: gettext_lazy(
        "Create a new secret? For one day, messages are signed with both secrets. After that, the old "
        "secret is invalid."
    ),
    "retire": gettext_lazy(
        "Does this recipient no longer hold any data? It will get no new messages. Messages that are "
        "already queued are still sent."
    ),
    "notify-again": gettext_lazy(
        "Notify this recipient again from now on? You can then retry the messages that failed in the meantime."
    ),
}


@admin.register(Recipient)
class RecipientAdmin(admin.ModelAdmin):
    """Third parties that hold data. A secret is shown once, in the response to the request that made it."""

    form = RecipientForm
    list_display = ("name", "url", "named_classes", "state", "registered_at")
    list_filter = ("state",)
    readonly_fields = ("state", "previous_until", "registered_at")
    change_form_template = f"{TEMPLATES}/change_form.html"

    @admin.display(description=gettext_lazy("retention classes"))
    def named_classes(self, recipient: Recipient) -> str:
        """The classes that it holds, in words."""
        return labels_of(recipient.classes)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deliveries are evidence: a recipient is retired, never deleted."""
        return False

    def get_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(never_cache(self.act_view))
        return [path("<uuid:pk>/act/<slug:act>/", act, name="privacy_recipient_act"), *super().get_urls()]

    @method_decorator(never_cache)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Register a recipient, and show its secret."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = RecipientForm(request.POST or None)
        if form.is_valid():
            recipient, secret = register_recipient(**form.cleaned_data)
            self.log_addition(request, recipient, "registered")
            return self._show_secret(request, recipient, secret)
        return self._page(request, "add_form.html", {"form": form, "title": _("Register a recipient")})

    def save_model(self, request: HttpRequest, obj: Recipient, form: Any, change: Any) -> None:
        """Change it through the service."""
        change_recipient(recipient=obj, **form.cleaned_data)

    def act_view(self, request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
        """Ask for confirmation, then rotate the secret, retire the recipient or notify it again."""
        recipient = get_object_or_404(Recipient, pk=pk)
        if not self.has_change_permission(request, recipient):
            raise PermissionDenied
        if act not in QUESTIONS:
            raise Http404
        if request.method != "POST":
            context = {"recipient": recipient, "question": QUESTIONS[act], "title": recipient.name}
            return self._page(request, "confirm.html", context)
        self.log_change(request, recipient, act)
        if act == ROTATE:
            return self._show_secret(request, recipient, rotate_secret(recipient=recipient))
        set_recipient_state(recipient=recipient, state=STATES[act])
        messages.success(request, _("Done."))
        return redirect("admin:privacy_recipient_change", pk)

    def _show_secret(self, request: HttpRequest, recipient: Recipient, secret: str) -> HttpResponse:
        # In the response itself: a message would keep it in the session until it is read.
        context = {"recipient": recipient, "secret": secret, "title": recipient.name}
        return self._page(request, "secret.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"{TEMPLATES}/{template}", shared | context)


class DeliveriesFilter(NeedsFilter):
    """Filters by the state of the deadline, as the first page counts it."""

    queries: ClassVar = {
        "failed": (gettext_lazy("failed"), failed_deliveries),
        "late": (gettext_lazy("overdue"), late_deliveries),
        "soon": (gettext_lazy("due soon"), endangered_deliveries),
    }


@admin.register(Delivery)
class DeliveryAdmin(EvidenceAdmin):
    """All deliveries to recipients, by number; a failed one can be tried again or settled."""

    list_display = (
        "event",
        "recipient",
        "state",
        "occurred_at",
        "deadline_at",
        "acknowledged_at",
        "attempts",
        "last_error",
    )
    list_filter = (DeliveriesFilter, "state", "event", "recipient")
    list_select_related = ("recipient",)
    search_fields = ("=subject__id", "=id")
    ordering = ("-occurred_at",)
    fields = (
        ("recipient", "reference", "subject"),
        ("event", "named_classes", "named_fields"),
        ("state", "occurred_at", "deadline_at", "acknowledged_at"),
        ("attempts", "due_at", "last_error"),
    )
    actions = ("try_again_action", "settle_action")

    @admin.display(description=gettext_lazy("known to the recipient as"))
    def reference(self, delivery: Delivery) -> str:
        """The recipient's reference of the person: named in letters to the recipient."""
        return reference_for(delivery.recipient_id, delivery.subject_id)

    @admin.display(description=gettext_lazy("retention classes"))
    def named_classes(self, delivery: Delivery) -> str:
        """The classes concerned, in words."""
        return labels_of(delivery.classes)

    @admin.display(description=gettext_lazy("fields"))
    def named_fields(self, delivery: Delivery) -> str:
        """The corrected fields, in words."""
        return field_labels(delivery.fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "reference", "named_classes", "named_fields")

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Whether the actions are offered."""
        return request.user.has_perm("privacy.settle_delivery")

    @admin.action(permissions=["settle"], description=gettext_lazy("Retry failed messages"))
    def try_again_action(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        question = _("Send the failed messages again? Other messages are not affected.")
        return self._asked(request, queryset, question, "try_again", try_again)

    @admin.action(permissions=["settle"], description=gettext_lazy("Mark failed messages as notified by other means"))
    def settle_action(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        """Ask for confirmation, then note that the recipient was informed by letter or phone."""
        question = _("Did you notify the recipient by letter or phone, and did it confirm? You can't undo this.")
        return self._asked(request, queryset, question, "settle", settle_delivery)

    def _asked(
        self, request: HttpRequest, queryset: QuerySet[Delivery], question: str, said: str, act: Callable[..., int]
    ) -> HttpResponse | None:
        failed = queryset.filter(state=Delivery.State.FAILED)
        if not request.POST.get("confirmed"):
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": question,
                "count": failed.count(),
                "action": request.POST["action"],
                "select_across": request.POST.get("select_across", "0"),
                "selected": request.POST.getlist("_selected_action"),
            }
            return TemplateResponse(request, "admin/privacy/delivery/confirm.html", context)
        # By number: the log lists them, and deliveries that fail only now are left alone.
        chosen = list(failed)
        with transaction.atomic():
            done = act(deliveries=Delivery.objects.filter(pk__in=[delivery.pk for delivery in chosen]))
            LogEntry.objects.log_actions(str(request.user.pk), chosen, CHANGE, said)
        messages.success(
            request, ngettext("Done: %(count)d message.", "Done: %(count)d messages.", done) % {"count": done}
        )
        return None
