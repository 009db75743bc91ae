"""URLs of copies."""

from django.urls import path

from privacy.export import api, views

urlpatterns = [
    path("settings/privacy/copy/", views.copies, name="copies"),
    path("settings/privacy/copy/<uuid:copy>/", views.read_copy, name="read_copy"),
    path("settings/privacy/copy/<uuid:copy>/my-data.json", views.download_copy, name="download_copy"),
    path("settings/privacy/copy/<uuid:copy>/my-data.html", views.download_page, name="download_copy_page"),
    path("settings/privacy/copy/<uuid:copy>/delete/", views.delete_copy, name="delete_copy"),
    path("copy.schema.json", views.schema, name="copy_schema"),
]
rest = [
    path("me/copies", api.Copies.as_view(), name="rest_copies"),
    path("me/copies/<uuid:copy>", api.OneCopy.as_view(), name="rest_copy"),
    path("me/copies/<uuid:copy>/document", api.CopyText.as_view(), name="rest_copy_document"),
    path("me/copies/<uuid:copy>/page", api.CopyPage.as_view(), name="rest_copy_page"),
]
