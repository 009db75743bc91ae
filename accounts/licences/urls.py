"""URLs of licences."""

from django.urls import path

from accounts.licences import api, views

urlpatterns = [
    path("settings/licence/", views.licence, name="licence"),
    path("settings/licence/delete/", views.delete_licence, name="delete_licence"),
    path("settings/licence/pages/<uuid:page>/", views.licence_page, name="licence_page"),
]
rest = [path("me/licence", api.MyLicence.as_view(), name="rest_licence")]
