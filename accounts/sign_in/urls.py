"""URLs of signing in."""

from django.urls import path

from accounts.sign_in.api import passkeys as passkeys_api
from accounts.sign_in.api import safety
from accounts.sign_in.api import second_factors as factors
from accounts.sign_in.api import signing_in as api
from accounts.sign_in.api.again import Again
from accounts.sign_in.api.cancelling import MyCancellation
from accounts.sign_in.api.undoing_changes import UndoChange
from accounts.sign_in.views import (
    code_sign_in,
    passkeys,
    recovering,
    second_step,
    security,
    signing_in,
    undoing_changes,
    verifying,
)

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/code/", code_sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/code/enter/", code_sign_in.enter_sign_in_code, name="enter_sign_in_code"),
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
    path("settings/security/<slug:field>/", security.change_contact, name="change_contact"),
    path("settings/security/<slug:field>/code/", security.verify_changed_contact, name="verify_changed_contact"),
    # allauth's own names, to which it redirects.
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
