"""The policy's pages."""

from django.urls import path

from privacy.policies import api, views

urlpatterns = [
    path("policies/", views.policy_index, name="policy_index"),
    path("policies/<str:jurisdiction>/", views.policy_in_force, name="policy_in_force"),
    path("policies/<str:jurisdiction>/changes/", views.policy_changes, name="policy_changes"),
    path("policies/<str:jurisdiction>/<str:label>/", views.policy_version, name="policy_version"),
    path("policies/<str:jurisdiction>/<str:label>/original", views.policy_original, name="policy_original"),
]
rest = [
    path("policies/current", api.CurrentPolicy.as_view(), name="rest_current_policy"),
    path("policies/<slug:jurisdiction>/<str:version>", api.PolicyText.as_view(), name="rest_policy"),
    path(
        "policies/<slug:jurisdiction>/<str:version>/changes",
        api.PolicyDifferences.as_view(),
        name="rest_policy_changes",
    ),
]
