"""The addresses of registration."""

from django.urls import path

from accounts.registration import views

urlpatterns = [
    path("register/", views.choose_kind, name="register"),
    path("register/individual/", views.registration, {"kind": "individual"}, name="register_individual"),
    path("register/enterprise/", views.registration, {"kind": "enterprise"}, name="register_enterprise"),
]
