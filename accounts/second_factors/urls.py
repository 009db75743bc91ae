"""URLs of second factors."""

from django.urls import path

from accounts.second_factors import api, views

urlpatterns = [
    path("settings/security/app/", views.set_up_app, name="mfa_activate_totp"),
    path("settings/security/app/remove/", views.remove_app, name="mfa_deactivate_totp"),
    path("settings/security/recovery-codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("settings/security/recovery-codes/text/", views.recovery_codes_text, name="recovery_codes_text"),
    path("settings/security/recovery-codes/new/", views.new_recovery_codes, name="new_recovery_codes"),
    path("settings/security/passkeys/", views.add_passkey, name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/name/", views.rename, name="rename_passkey"),
    path("settings/security/passkeys/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
]
rest = [
    path("auth/factors", api.MyFactors.as_view(), name="rest_factors"),
    path("auth/app", api.App.as_view(), name="rest_app"),
    path("auth/recovery-codes", api.NewRecoveryCodes.as_view(), name="rest_recovery_codes"),
    path("auth/passkeys", api.Passkeys.as_view(), name="rest_passkeys"),
    path("auth/passkeys/<int:passkey>", api.OnePasskey.as_view(), name="rest_passkey"),
]
