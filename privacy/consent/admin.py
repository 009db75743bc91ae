"""Consent, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from privacy.consent.models import ConsentRecord
from privacy.consent.queries import with_purposes_before
from privacy.evidence.admin import EvidenceAdmin


@admin.register(ConsentRecord)
class ConsentRecordAdmin(EvidenceAdmin):
    list_display = (
        "position",
        "at",
        "act",
        "switched_on",
        "switched_off",
        "version",
        "language",
        "channel",
        "person",
    )
    list_filter = ("act", "channel", "version__jurisdiction")
    list_select_related = ("version",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentRecord]:
        """Return the acts, each with the purposes that were on before it."""
        return with_purposes_before(super().get_queryset(request))

    @admin.display(description=_("person"))
    def person(self, consent: ConsentRecord) -> str:
        """The number of the person, without reading their row."""
        return str(consent.subject_id)

    @admin.display(description=_("turned on"))
    def switched_on(self, consent: ConsentRecord) -> str:
        """Name what the act turned on."""
        return consent.granted_in_words

    @admin.display(description=_("turned off"))
    def switched_off(self, consent: ConsentRecord) -> str:
        """Name what the act turned off."""
        return consent.withdrawn_in_words
