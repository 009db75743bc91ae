"""Staff import documents, see what changed, propose and confirm; a published version is read only."""

from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from privacy.access.two_people import obstacle_to_confirmation
from privacy.evidence.staff_names import named
from privacy.policies.citations import DraftChanged, citations_to_check, confirm_citations, state_of_draft
from privacy.policies.differences import differences
from privacy.policies.documents import LARGEST
from privacy.policies.forms import MATERIAL, STATE, CitationsForm, ImportForm, PublishForm
from privacy.policies.languages import LanguageNotSupported
from privacy.policies.models import CitationCheck, Clause, PolicyVersion, PublicationProposal
from privacy.policies.queries import version_to_replace
from privacy.policies.refusals import PolicyRefused
from privacy.policies.services import confirm_publication, import_policy, propose_publication, reject_publication
from privacy.policies.topics import Topic, all_topics
from privacy.subjects.markers import LARGEST_BODY, takes_bodies_up_to

CONFIRM = "privacy.confirm_publication"
_NEVER = datetime.min.replace(tzinfo=UTC)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(admin.ModelAdmin):
    """Versions are added by import, changed only by publication, and deleted only as drafts."""

    list_display = ("label", "jurisdiction", "language", "state", "material", "in_force_from", "created_at")
    list_filter = ("jurisdiction", "language")
    search_fields = ("label", "title")
    change_form_template = "admin/privacy/policyversion/change_form.html"
    change_list_template = "admin/privacy/policyversion/change_list.html"
    fields = (
        ("jurisdiction", "label", "language", "variant"),
        ("title", "file_name", "media_type"),
        ("stated_updated_on", "stated_effective_on"),
        ("state", "material", "in_force_from"),
        ("digest", "original_sha256"),
    )

    @admin.display(description=gettext_lazy("state"))
    def state(self, version: PolicyVersion) -> str:
        """Draft, proposed, scheduled, in force or replaced."""
        if not version.is_published:
            return _("waiting for a second person") if version.is_proposed else _("draft")
        if not version.has_come_into_force:
            return _("scheduled")
        return _("in force") if version == version_to_replace(version) else _("replaced")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out the documents in lists."""
        return super().get_queryset(request).defer("original", "html")

    def has_change_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        """No field is ever edited: import again, or publish."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        """Only a draft can be deleted, one at a time."""
        return obj is not None and not obj.is_published and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages that check the clauses, and propose, confirm and reject a publication."""
        propose = self.admin_site.admin_view(require_POST(self.propose_view))
        confirm = self.admin_site.admin_view(require_POST(self.confirm_view))
        reject = self.admin_site.admin_view(require_POST(self.reject_view))
        clauses = self.admin_site.admin_view(self.clauses_view)
        return [
            path("<uuid:pk>/clauses/", clauses, name="privacy_policyversion_clauses"),
            path("<uuid:pk>/reject/", reject, name="privacy_policyversion_reject"),
            path("<uuid:pk>/propose/", propose, name="privacy_policyversion_propose"),
            path("<uuid:pk>/confirm/", confirm, name="privacy_policyversion_confirm"),
            *super().get_urls(),
        ]

    @takes_bodies_up_to(LARGEST + LARGEST_BODY)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Import a document as a draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            draft = _import_or_explain(form)
            if draft:
                self.log_addition(request, draft, "imported")
                return redirect("admin:privacy_policyversion_change", draft.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a document"),
            "opts": self.opts,
            "form": form,
        }
        return render(request, "admin/privacy/policyversion/import.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the text, what changed against the version in force, and for a draft how to publish it."""
        version = self.get_object(request, object_id)
        shown: dict[str, Any] = {}
        if version:
            current = version_to_replace(version)
            shown = {
                "version": version,
                "changes": differences(current, version) if current and current != version else None,
                "publish_form": PublishForm.for_version(version, request.GET)
                if self._may_publish(request, version)
                else None,
                "proposal": _waiting(version),
                "check": next(iter(named(CitationCheck.objects.filter(version=version), "confirmed_by")), None),
                "may_confirm": request.user.has_perm(CONFIRM),
                "may_propose": self._may_propose(request, version),
                "state": state_of_draft(version),
                "stated": _stated(version),
            }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def clauses_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Check or correct which clauses of a draft state the portal's purposes, fields and grounds."""
        version = get_object_or_404(PolicyVersion, pk=pk)
        if not self._may_propose(request, version):
            raise PermissionDenied
        form = CitationsForm(request.POST if request.method == "POST" else None, version=version)
        if request.method == "POST" and form.is_valid():
            try:
                self._confirm_clauses(request, version, form)
            except DraftChanged:  # changed after the form was checked: a new form says so, and shows the present text
                form = CitationsForm(request.POST, version=get_object_or_404(PolicyVersion, pk=pk))
            else:
                return redirect("admin:privacy_policyversion_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Clauses of each statement"),
            "opts": self.opts,
            "version": version,
            "form": form,
        }
        return render(request, "admin/privacy/policyversion/clauses.html", context)

    def propose_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Ask a second person to publish a draft."""
        version = get_object_or_404(PolicyVersion, pk=pk)
        if not super().has_change_permission(request, version):
            raise PermissionDenied
        form = PublishForm(request.POST)
        page = reverse("admin:privacy_policyversion_change", args=[pk])
        if form.is_valid() and self._propose_or_explain(request, version, form):
            return redirect(page)
        if not form.is_valid():
            messages.error(request, _problems(form))
        typed = {name: request.POST[name] for name in form.fields if request.POST.get(name)}
        return redirect(f"{page}?{urlencode(typed)}")

    def confirm_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Publish a draft for good, as another person proposed."""
        version = get_object_or_404(PolicyVersion, pk=pk)
        if not request.user.has_perm(CONFIRM):
            raise PermissionDenied
        try:
            published = confirm_publication(version=version, by=_number_of(request), proposed_at=_proposed_at(request))
        except PolicyRefused as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, published, "published")
            messages.success(request, _("Published. This text can no longer be changed."))
        return redirect(reverse("admin:privacy_policyversion_change", args=[pk]))

    def reject_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Withdraw one's own proposal, or reject another person's."""
        version = get_object_or_404(PolicyVersion, pk=pk)
        proposal = PublicationProposal.objects.filter(version=version).first()
        is_mine = proposal is not None and proposal.proposed_by == _number_of(request)
        if not is_mine and not request.user.has_perm(CONFIRM):
            raise PermissionDenied
        try:
            reject_publication(version=version, proposed_at=_proposed_at(request))
        except PolicyRefused as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, version, "took the proposal back" if is_mine else "rejected the proposal")
            messages.success(request, _("Rejected. It stays a draft and can be proposed again."))
        return redirect("admin:privacy_policyversion_change", pk)

    def _confirm_clauses(self, request: HttpRequest, version: PolicyVersion, form: CitationsForm) -> None:
        """Confirm, or show why not; raise `DraftChanged` if the sender has to read the draft again."""
        shown = request.POST.get(STATE, "")
        try:
            confirm_citations(version=version, cited=form.cleaned_data, by=_number_of(request), shown=shown)
        except DraftChanged:
            raise
        except PolicyRefused as error:  # it was published meanwhile
            messages.error(request, str(error))
            return
        self.log_change(request, version, "confirmed the clauses")
        messages.success(request, _("Saved. Receipts of this version name these clauses."))

    def _propose_or_explain(self, request: HttpRequest, version: PolicyVersion, form: PublishForm) -> bool:
        is_material = form.cleaned_data["change"] == MATERIAL
        effective_at = form.cleaned_data["effective_at"]
        try:
            propose_publication(
                version=version,
                by=_number_of(request),
                material=is_material,
                effective_at=effective_at,
                shown=request.POST.get(STATE, ""),
            )
        except PolicyRefused as error:
            messages.error(request, str(error))
            return False
        self.log_change(request, version, "proposed for publication")
        messages.success(
            request, _("Proposed. A second person must confirm it here. Until then, nothing is published.")
        )
        if why := obstacle_to_confirmation(_number_of(request)):
            messages.warning(request, why)
        return True

    def _may_propose(self, request: HttpRequest, version: PolicyVersion) -> bool:
        return not version.is_published and super().has_change_permission(request, version)

    def _may_publish(self, request: HttpRequest, version: PolicyVersion) -> bool:
        return version.has_confirmed_citations and self._may_propose(request, version)


def _number_of(request: HttpRequest) -> UUID:
    """Return the number of the member of staff; only staff can open the admin."""
    return cast("UUID", request.user.pk)


def _proposed_at(request: HttpRequest) -> datetime:
    """Return when the proposal on the page was made; no proposal is as old as the value for none."""
    try:
        return parse_datetime(request.POST.get("proposed_at", "")) or _NEVER
    except ValueError:
        return _NEVER


def _waiting(version: PolicyVersion) -> PublicationProposal | None:
    """Return the proposal that waits for a second person, with the name of the first."""
    proposals = PublicationProposal.objects.filter(version=version, confirmed_at=None)
    return next(iter(named(proposals, "proposed_by")), None)


def _stated(version: PolicyVersion) -> list[tuple[Topic, list[Clause]]]:
    """Return each topic with the clauses that state it."""
    found = citations_to_check(version)
    return [(topic, found.get(topic.key, [])) for topic in all_topics()]


def _problems(form: PublishForm) -> str:
    return "; ".join(f"{form.fields[name].label}: {' '.join(map(str, why))}" for name, why in form.errors.items())


def _import_or_explain(form: ImportForm) -> PolicyVersion | None:
    """Import a document, or add the reason for a refusal to the form."""
    data = form.cleaned_data
    try:
        return import_policy(
            content=data["document"].read(),
            file_name=data["document"].name,
            jurisdiction=data["jurisdiction"],
            label=data["label"],
            language=data["language"],
            variant=data["variant"],
            any_language=data["any_language"],
        )
    except LanguageNotSupported as error:
        form.add_error("any_language", str(error))
    except PolicyRefused as error:
        form.add_error(None, str(error))
    return None
