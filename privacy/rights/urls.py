"""URLs of requests."""

from django.urls import path

from privacy.rights.api import endpoints
from privacy.rights.views import calendar, giving_picture, handing_out, intake, my_requests, one_request, stopping

urlpatterns = [
    path("requests/", intake.new_request, name="requests"),
    path("settings/requests/", my_requests.my_requests, name="my_requests"),
    path("requests/<slug:reference>/", one_request.request_page, name="request"),
    path("requests/<slug:reference>/confirm/", one_request.confirm, name="confirm_request"),
    path("requests/<slug:reference>/new-code/", one_request.new_code, name="new_request_code"),
    path("requests/<slug:reference>/sign-in/", one_request.prove_by_sign_in, name="prove_request_by_sign_in"),
    path("requests/<slug:reference>/withdraw/", one_request.withdraw, name="withdraw_request"),
    path("requests/<slug:reference>/withdraw/<slug:right>/", one_request.withdraw, name="withdraw_item"),
    path("requests/<slug:reference>/picture/", giving_picture.give_picture, name="give_picture"),
    path("requests/<slug:reference>/reopen/", one_request.reopen, name="reopen_request"),
    path("requests/<slug:reference>/copy.html", handing_out.copy_page, name="request_copy_page"),
    path("requests/<slug:reference>/copy.json", handing_out.copy_document, name="request_copy_document"),
    # Last: the secret is longer than any of the words above.
    path("requests/<slug:reference>/<str:token>/", one_request.open_request, name="open_request"),
    path("staff/requests/<str:secret>.ics", calendar.calendar, name="requests_calendar"),
    path("stop-deletion/<str:secret>/", stopping.stop_deletion_page, name="stop_deletion"),
]
rest = [
    path("requests", endpoints.Requests.as_view(), name="rest_requests"),
    path("requests/<str:reference>", endpoints.OneRequest.as_view(), name="rest_request"),
    path("requests/<str:reference>/proof", endpoints.RequestProof.as_view(), name="rest_request_proof"),
    path("requests/<str:reference>/code", endpoints.RequestCode.as_view(), name="rest_request_code"),
    path("requests/<str:reference>/withdraw", endpoints.RequestWithdrawal.as_view(), name="rest_request_withdraw"),
    path("me/requests", endpoints.MyRequests.as_view(), name="rest_my_requests"),
]
