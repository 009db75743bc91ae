"""The addresses of signing in."""

from django.urls import path

from accounts.sign_in.views import recovering, security, signing_in, verifying

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("sign-in/again/", signing_in.sign_in_again, name="sign_in_again"),
    path("sign-in/verify/", verifying.verify_contact, name="verify_contact"),
    path("sign-in/verify/again/", verifying.send_code_again, name="send_code_again"),
    path("sign-in/undo/", verifying.undo_cancellation, name="undo_cancellation"),
    path("recover/", recovering.recover, name="recover"),
    path("recover/code/", recovering.recover_code, name="recover_code"),
    path("recover/password/", recovering.recover_password, name="recover_password"),
    path("settings/security/", security.security, name="security"),
    path("settings/security/password/", security.password, name="change_password"),
    path("settings/security/<slug:field>/", security.change_contact, name="change_contact"),
    path("settings/security/<slug:field>/code/", security.verify_changed_contact, name="verify_changed_contact"),
    # allauth redirects to these names of its own.
    path("sign-in/", signing_in.sign_in, name="account_login"),
    path("sign-in/again/", signing_in.sign_in_again, name="account_reauthenticate"),
]
