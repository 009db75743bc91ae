"""URLs of registration."""

from django.urls import path

from accounts.registration import views, with_child
from accounts.registration.api import fields, long_lists, registering

urlpatterns = [
    path("register/", views.begin, name="register"),
    path("register/individual/", views.registration, {"kind": "individual"}, name="register_individual"),
    path("register/enterprise/", views.registration, {"kind": "enterprise"}, name="register_enterprise"),
    path("register/child/<uuid:number>/", with_child.sign_out_for_child, name="sign_out_for_child"),
]
rest = [
    path("fields", fields.Fields.as_view(), name="rest_fields"),
    path("countries", long_lists.Countries.as_view(), name="rest_countries"),
    path("time-zones", long_lists.TimeZones.as_view(), name="rest_time_zones"),
    path("registrations/individual", registering.RegisterIndividual.as_view(), name="rest_register_individual"),
    path("registrations/enterprise", registering.RegisterEnterprise.as_view(), name="rest_register_enterprise"),
]
