"""URLs of sessions, devices and security events."""

from django.urls import path

from accounts.sessions import api, views

urlpatterns = [
    path("settings/devices/", views.devices, name="devices"),
    path("settings/devices/<uuid:number>/name/", views.rename_known_device, name="rename_device"),
    path("settings/security/sessions/end/", views.end_sessions, name="end_sessions"),
    path("settings/security/devices/<uuid:number>/forget/", views.forget_known_device, name="forget_device"),
    path("settings/security/events/", views.events, name="security_events"),
]
rest = [
    path("auth/sessions", api.Sessions.as_view(), name="rest_sessions"),
    path("auth/sessions/<str:session>", api.OneSession.as_view(), name="rest_end_session"),
    path("auth/devices", api.Devices.as_view(), name="rest_devices"),
    path("auth/devices/<uuid:device>", api.OneDevice.as_view(), name="rest_device"),
    path("me/security-events", api.SecurityEvents.as_view(), name="rest_security_events"),
]
