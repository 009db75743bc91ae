"""URLs of a guardian's children."""

from django.urls import path

from accounts.children import api, api_access, api_acts, own_guardians, views

_CHILD = "guardians/mine/<uuid:number>/"
urlpatterns = [
    path("of-age/<str:secret>/", views.come_of_age, name="come_of_age"),
    path("settings/guardians/", own_guardians.my_guardians, name="my_guardians"),
    path("guardians/mine/", views.my_children, name="my_children"),
    path("guardians/mine/sign-out/", views.guardian_signs_out, name="guardian_signs_out"),
    path("guardians/mine/link/<str:secret>/", views.open_my_children, name="open_my_children"),
    path(_CHILD, views.my_child, name="my_child"),
    path(f"{_CHILD}correct/", views.correct_child, name="correct_child"),
    path(f"{_CHILD}copy/", views.copy_of_child, name="copy_of_child"),
    path(f"{_CHILD}purposes/", views.switch_for_child, name="switch_for_child"),
    path(f"{_CHILD}invite/", views.invite_for_child, name="invite_for_child"),
    *(path(f"{_CHILD}{act}/", views.end_for_child, {"act": act}, name=f"{act}_for_child") for act in views.ENDS),
]
_REST = "guardians/children/<uuid:child>"
rest = [
    path("guardians/access", api_access.GuardianAccesses.as_view(), name="rest_guardian_access"),
    path("guardians/access/all", api_access.EveryGuardianAccess.as_view(), name="rest_guardian_access_all"),
    path("guardians/access/token", api_access.GuardianToken.as_view(), name="rest_guardian_token"),
    path("guardians/children", api.Children.as_view(), name="rest_children"),
    path(_REST, api.Child.as_view(), name="rest_child"),
    path(f"{_REST}/copy", api.CopyOfChild.as_view(), name="rest_child_copy"),
    path(f"{_REST}/purposes", api.PurposesOfChild.as_view(), name="rest_child_purposes"),
    path(f"{_REST}/withdrawal", api_acts.WithdrawForChild.as_view(), name="rest_child_withdrawal"),
    path(f"{_REST}/cancellation", api_acts.CancelForChild.as_view(), name="rest_child_cancellation"),
    path(f"{_REST}/report", api_acts.ReportForChild.as_view(), name="rest_child_report"),
    path(f"{_REST}/guardians", api_acts.InviteForChild.as_view(), name="rest_child_guardians"),
]
