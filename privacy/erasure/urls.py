"""URLs of cancellation and receipts."""

from django.urls import path

from privacy.erasure import api, views

urlpatterns = [
    path("settings/cancel/", views.cancel, name="cancel_account"),
    path("receipts/", views.receipt_lookup, name="receipt_lookup"),
    path("receipts/<slug:reference>/", views.erasure_receipt, name="erasure_receipt"),
]
rest = [path("receipts/<str:reference>", api.ErasureReceiptOf.as_view(), name="rest_receipt")]
