"""URLs of consent."""

from django.urls import path

from privacy.consent import api, views

urlpatterns = [
    path("settings/privacy/", views.privacy_settings, name="privacy_settings"),
    path("settings/privacy/purposes/<slug:key>/", views.purpose_switch, name="purpose_switch"),
    path("settings/privacy/receipts/<uuid:record>/", views.consent_receipt_page, name="consent_receipt_page"),
    path("settings/privacy/receipts/<uuid:record>.json", views.consent_receipt, name="consent_receipt"),
    path("settings/privacy/changes/", views.consent_gate, name="consent_gate"),
]
rest = [path("me/consents", api.Consents.as_view(), name="rest_consents")]
