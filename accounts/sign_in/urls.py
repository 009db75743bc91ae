"""The addresses of signing in."""

from django.urls import path

from accounts.sign_in.api import passkeys as passkeys_api
from accounts.sign_in.api import safety, sessions
from accounts.sign_in.api import second_factors as factors
from accounts.sign_in.api import signing_in as api
from accounts.sign_in.api.again import Again
from accounts.sign_in.api.cancelling import MyCancellation
from accounts.sign_in.api.undoing_changes import UndoChange
from accounts.sign_in.views import (
    open_sessions,
    passkeys,
    recovering,
    second_factors,
    second_step,
    security,
    signing_in,
    undoing_changes,
    verifying,
)

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("sign-in/again/", signing_in.sign_in_again, name="sign_in_again"),
    path("sign-in/second-step/", second_step.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.sign_in_with_passkey, name="mfa_login_webauthn"),
    path("sign-in/verify/", verifying.verify_contact, name="verify_contact"),
    path("sign-in/verify/change/", verifying.change_contact_to_verify, name="change_contact_to_verify"),
    path("sign-in/verify/again/", verifying.send_code_again, name="send_code_again"),
    path("sign-in/undo/", verifying.undo_cancellation, name="undo_cancellation"),
    path("sign-in/refused/", undoing_changes.sign_in_refused, name="sign_in_refused"),
    path("undo/<str:secret>/", undoing_changes.undo_change, name="undo_change"),
    path("recover/", recovering.recover, name="recover"),
    path("recover/code/", recovering.recover_code, name="recover_code"),
    path("recover/password/", recovering.recover_password, name="recover_password"),
    path("settings/security/", security.security, name="security"),
    path("settings/security/password/", security.password, name="change_password"),
    path("settings/security/app/", second_factors.set_up_app, name="mfa_activate_totp"),
    path("settings/security/app/remove/", second_factors.remove_app, name="mfa_deactivate_totp"),
    path("settings/security/recovery-codes/", second_factors.recovery_codes, name="mfa_view_recovery_codes"),
    path("settings/security/recovery-codes/text/", second_factors.recovery_codes_text, name="recovery_codes_text"),
    path("settings/security/recovery-codes/new/", second_factors.new_recovery_codes, name="new_recovery_codes"),
    path("settings/security/passkeys/", passkeys.add_passkey, name="mfa_add_webauthn"),
    path("settings/security/passkeys/<int:pk>/remove/", passkeys.remove_passkey, name="mfa_remove_webauthn"),
    path("settings/security/sessions/end/", open_sessions.end_sessions, name="end_sessions"),
    path("settings/security/devices/<uuid:number>/forget/", open_sessions.forget_known_device, name="forget_device"),
    path("settings/security/events/", open_sessions.events, name="security_events"),
    path("settings/security/<slug:field>/", security.change_contact, name="change_contact"),
    path("settings/security/<slug:field>/code/", security.verify_changed_contact, name="verify_changed_contact"),
    # allauth redirects to these names of its own.
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/again/", signing_in.sign_in_again, name="account_reauthenticate"),
    path("sign-in/again/", signing_in.sign_in_again, name="mfa_reauthenticate"),
    path("sign-in/again/", signing_in.sign_in_again, name="mfa_reauthenticate_webauthn"),
    path("settings/security/", security.security, name="mfa_index"),
]
rest = [
    path("auth/sign-in", api.SignInByPassword.as_view(), name="rest_sign_in"),
    path("auth/code", api.SignInByCode.as_view(), name="rest_sign_in_code"),
    path("auth/code/confirm", api.ConfirmSignInCode.as_view(), name="rest_confirm_sign_in_code"),
    path("auth/verify", api.VerifyContact.as_view(), name="rest_verify"),
    path("auth/verify/contact", api.ChangeContactToVerify.as_view(), name="rest_change_contact_to_verify"),
    path("auth/verify/resend", api.SendVerificationAgain.as_view(), name="rest_verify_resend"),
    path("auth/again", Again.as_view(), name="rest_again"),
    path("auth/session", api.CurrentSession.as_view(), name="rest_session"),
    path("auth/second-factor", factors.GiveSecondFactor.as_view(), name="rest_second_factor"),
    path("auth/passkey", passkeys_api.SignInByPasskey.as_view(), name="rest_sign_in_by_passkey"),
    path("auth/factors", factors.MyFactors.as_view(), name="rest_factors"),
    path("auth/app", factors.App.as_view(), name="rest_app"),
    path("auth/recovery-codes", factors.NewRecoveryCodes.as_view(), name="rest_recovery_codes"),
    path("auth/passkeys", passkeys_api.Passkeys.as_view(), name="rest_passkeys"),
    path("auth/passkeys/<int:passkey>", passkeys_api.RemovePasskey.as_view(), name="rest_remove_passkey"),
    path("auth/sessions", sessions.Sessions.as_view(), name="rest_sessions"),
    path("auth/sessions/<str:session>", sessions.OneSession.as_view(), name="rest_end_session"),
    path("auth/devices", sessions.Devices.as_view(), name="rest_devices"),
    path("auth/devices/<uuid:device>", sessions.OneDevice.as_view(), name="rest_forget_device"),
    path("me/security-events", sessions.SecurityEvents.as_view(), name="rest_security_events"),
    path("auth/recover", safety.Recover.as_view(), name="rest_recover"),
    path("auth/recover/confirm", safety.ConfirmRecovery.as_view(), name="rest_recover_confirm"),
    path("auth/recover/password", safety.RecoverPassword.as_view(), name="rest_recover_password"),
    path("auth/password", safety.Password.as_view(), name="rest_password"),
    path("auth/undo", UndoChange.as_view(), name="rest_undo_change"),
    path("me/cancellation", MyCancellation.as_view(), name="rest_cancellation"),
    path("me/contacts", safety.Contacts.as_view(), name="rest_contacts"),
    path("me/contacts/<slug:field>", safety.ChangeContact.as_view(), name="rest_change_contact"),
    path("me/contacts/<slug:field>/code", safety.SendContactCode.as_view(), name="rest_send_contact_code"),
    path("me/contacts/<slug:field>/verify", safety.VerifyChangedContact.as_view(), name="rest_verify_contact"),
]
