"""Verify the contact point of a new account, or change it before."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from django.db import transaction
from django.urls import reverse

from accounts.contact_points.code_requests import ask_to_verify, forget, send_to_verify, use_requested_code
from accounts.contact_points.codes import count_code
from accounts.contact_points.models import ENTERPRISE_EMAIL, Code, ContactPoint
from accounts.contact_points.services import add_contact_point, contact_points_of, mark_verified
from accounts.sign_in.stages import VerifyContactStage
from accounts.tries.limits import RateLimited, consume
from accounts.tries.networks import network_of
from accounts.users.epochs import BeginAgain, hold_epoch
from accounts.users.models import User
from accounts.users.services import claim_username


def verify_by_code(stage: VerifyContactStage, digits: str) -> None:
    """Verify the contact point and claim the username, unless another browser has done so.

    Raises `RateLimited`, `WrongCode`, `CodeExpired`, `ContactTaken`, `BeginAgain`.
    """
    if stage.is_passed:
        return
    contact, user = stage.contact, stage.login.user
    use_requested_code(stage.request, use=Code.Use.VERIFY, digits=digits, contact=contact)
    forget(stage.request, use=Code.Use.VERIFY, contact=contact)
    mark_verified(contact)
    _send_code_to_required_email(stage)
    user.refresh_from_db(fields=["verified_at", "username", "username_index"])
    claim_username(user)


def _send_code_to_required_email(stage: VerifyContactStage) -> None:
    """Send the code for an enterprise's e-mail address, and lead to its page: no message is sent there before."""
    waiting = contact_points_of(stage.login.user.subject_id).filter(verified_at__isnull=True)
    email = waiting.filter(field=ENTERPRISE_EMAIL.key).select_related("subject").first()
    if email:
        stage.login.redirect_url = reverse("verify_changed_contact", args=[email.field])
        with suppress(RateLimited):  # the page and `me/contacts` can send it later
            ask_to_verify(stage.request, contact=email, epoch=stage.login.user.epoch)


def change_waiting_contact(stage: VerifyContactStage, value: str) -> None:
    """Replace a mistyped contact point of a new account, of the same field, and send a code to the new one.

    The answer does not show whether another account has the value. Raises `RateLimited`, `BeginAgain`.
    """
    request, mistyped, user = stage.request, stage.contact, stage.login.user
    [contact] = replace_waiting_contacts(user=user, values={mistyped.field: value}, network=network_of(request))
    forget(request, use=Code.Use.VERIFY, contact=mistyped)
    stage.choose(str(contact.pk))
    send_to_verify(request, contact=contact, epoch=user.epoch)


def replace_waiting_contacts(
    *, user: User, values: Mapping[str, str], network: str, left_out: Sequence[str] = ()
) -> list[ContactPoint]:
    """Replace mistyped contact points of an unverified account; return the new ones.

    `values` are canonical, by the inventory's keys; contact points of the keys in `left_out` are deleted. A code to
    each new one is counted before anything is stored: the caller sends it without counting it. Raises `RateLimited`,
    and `BeginAgain` where the account is verified, erased, or changed since `user` was read.
    """
    consume("contact_change", person=str(user.pk))
    count_code(values=list(values.values()), network=network)
    with transaction.atomic():
        hold_epoch(subject_id=user.subject_id, epoch=user.epoch)
        if not User.objects.filter(pk=user.pk, verified_at__isnull=True, is_active=True).exists():
            raise BeginAgain("This account no longer waits for its verification.")
        waiting = {contact.field: contact for contact in contact_points_of(user.subject_id) if not contact.verified_at}
        if left_out:
            ContactPoint.objects.filter(subject=user.subject_id, field__in=left_out, verified_at=None).delete()
        return [
            waiting[field]  # the same form was sent twice at the same time
            if field in waiting and waiting[field].value == value
            else add_contact_point(subject=user.subject, field=field, value=value)
            for field, value in values.items()
        ]
