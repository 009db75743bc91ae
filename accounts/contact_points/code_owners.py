"""Finds the owner of a code when it is sent, so that the request does not show whether an account exists."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from accounts.contact_points.codes import waits_for_too_many
from accounts.contact_points.models import CONTACT_CONTEXT, Code, ContactPoint
from accounts.users.models import User
from privacy.encryption.fields import blind_index
from privacy.notices.addressing import Addressee


def find_owner(meant: Sequence[str], use: str = Code.Use.SIGN_IN) -> ContactPoint | None:
    """Return the first of these canonical phone numbers and e-mail addresses that is verified, or None.

    `RECOVER` also accepts a number with which staff replaced a lost one. A contact point of an erased person, which a
    legal hold may keep, is never returned. The result is annotated with the `epoch` of its owner.
    """
    may = Q(verified_at__isnull=False) | (Q(reset_at__isnull=False) if use == Code.Use.RECOVER else Q())
    usable = ContactPoint.objects.filter(may, subject__erased_at__isnull=True)
    epoch = Subquery(User.objects.filter(subject_id=OuterRef("subject_id")).values("epoch"))
    indexes = [blind_index(value, CONTACT_CONTEXT) for value in meant]
    # The dictionary keeps the last row of a value: the verified one.
    matching = usable.filter(index__in=indexes).annotate(epoch=epoch).order_by(F("verified_at").asc(nulls_first=True))
    found = {bytes(one.index): one for one in matching}
    return next((found[index] for index in indexes if index in found), None)


def give_owner(context: Mapping[str, str]) -> Addressee | None:
    """Assign a code without an owner to the owner of the typed login; return the addressee, or None.

    The addressee is the stored value, never the typed one: two mailboxes may have the same blind index. The code gets
    the owner's present epoch: changes of the account since the request are older than the reading of the code.
    """
    code = Code.objects.filter(pk=context["code_id"]).first()
    contact: Any = find_owner(json.loads(context["meant"]), code.use) if code else None
    if code is None or contact is None or waits_for_too_many(contact, Code.Use(code.use)):
        return None
    given = Code.objects.filter(pk=code.pk).update(contact=contact, subject_id=contact.subject_id, epoch=contact.epoch)
    return Addressee(contact.subject, str(contact.value)) if given else None
