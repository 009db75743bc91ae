"""Requests of a person in each state that staff see: answered, refused in part, with an extension, filed by letter."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.users.models import User
from privacy.rights.answering.answers import send_answer, write_note
from privacy.rights.answering.decisions import Reasons, decide
from privacy.rights.answering.extensions import extend, make_void
from privacy.rights.choices import Contact, Proof
from privacy.rights.models.requests import RightsRequest
from privacy.rights.proof.pictures import LookReason, ask_for_picture, look_at_picture, take_picture
from privacy.rights.services import Asked, Asker, file_request

ROLE = "Privacy officer"
JPEG = b"\xff\xd8\xff\xe0 nothing to see \xff\xd9"


def requests_happened(person: User, officer: User) -> None:
    """File, answer, refuse, extend and note; one request stays open, with a letter to post."""
    refused = filed(person, "correction")
    reasons = Reasons("1.7.11", "GDPR art. 17(3)(e)", ["account"], timezone.now() + dt.timedelta(days=365))
    item = refused.items.get()
    decide(item=item, outcome="partly", text="我们已更正。", by=officer.pk, role=ROLE, reasons=reasons)
    extended = filed(person, "objection")
    extension = extend(request=extended, days=30, reason="many", text="请稍候。", by=officer.pk, role=ROLE)
    make_void(extended, extension, "not_delivered")
    pictured = filed(person, "restriction")
    ask_for_picture(request=pictured, role=ROLE)
    take_picture(request=pictured, content=JPEG)
    look_at_picture(request=pictured, reason=LookReason.IDENTITY, role=ROLE)
    ask_for_picture(request=filed(person, "withdrawal"), role=ROLE)
    letter = Asker("DE", "zh-hans", Contact.POST, "柏林")
    by_post = file_request(items=[Asked("question", "请问？")], asker=letter, channel="letter", filed_by=officer.pk)
    write_note(request=by_post.request, text="待查。", by=officer.pk, role=ROLE)
    send_answer(request=by_post.request, text="您好。", by=officer.pk, role=ROLE)


def filed(person: User, right: str) -> RightsRequest:
    """A proven request of a person, in the hands of staff: no worker of a portal that runs carries it out before."""
    asker = Asker("DE", "zh-hans", Contact.SMS, "+4915123456789")
    with transaction.atomic():
        done = file_request(
            items=[Asked(right, "请处理。")], asker=asker, channel="page", subject=person.subject, proof=Proof.SIGN_IN
        )
        done.request.items.update(state="with_staff")
    return done.request
