"""URLs of guardians."""

from django.urls import path

from privacy.guardians import api, views

urlpatterns = [
    path("guardians/", views.name_guardian, name="name_guardian"),
    path("guardians/asked/", views.guardian_asked, name="guardian_asked"),
    path("guardians/refused/", views.guardian_refused, name="guardian_refused"),
    path("guardians/link/<str:token>/<slug:answer>/", views.guardian_link, name="guardian_link"),
    path("guardians/children/<uuid:child_id>/", views.guardian_page, name="guardian_page"),
    path("guardians/children/<uuid:child_id>/agree/", views.guardian_agrees, name="guardian_agrees"),
    path("guardians/children/<uuid:child_id>/confirm/", views.guardian_confirms, name="guardian_confirms"),
    path("guardians/children/<uuid:child_id>/account/", views.guardian_signs_in, name="guardian_signs_in"),
    path("guardians/children/<uuid:child_id>/refuse/", views.guardian_refuses, name="guardian_refuses"),
]
rest = [path("guardians", api.Guardians.as_view(), name="rest_guardians")]
