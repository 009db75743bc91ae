"""The outbox page; where there is no outbox, it answers 404."""

from django.urls import path

from privacy.notices.views import outbox_page

urlpatterns = [path("outbox/", outbox_page, name="outbox")]
