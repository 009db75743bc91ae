"""The outbox page, and where the SMS gateway reports. Each answers 404 where there is no outbox, or no token."""

from django.urls import path

from privacy.notices.views import outbox_page, sms_reports

urlpatterns = [
    path("outbox/", outbox_page, name="outbox"),
    path("gateways/sms/reports/", sms_reports, name="sms_reports"),
]
