"""The rights that a request may name, and the states of its items with the table of allowed moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(models.TextChoices):
    """What a person may ask for (GDPR 15 to 21 and 77, PIPL 44 to 50; clauses 6 and 9 of the sample policy)."""

    ACCESS = "access", _("See my data")
    PORTABILITY = "portability", _("Get a copy that other software can read")
    CORRECTION = "correction", _("Correct my data")
    DELETION = "deletion", _("Delete my data")
    WITHDRAWAL = "withdrawal", _("Withdraw my consent")
    OBJECTION = "objection", _("Object to a use of my data")
    RESTRICTION = "restriction", _("Restrict the use of my data")
    COMPLAINT = "complaint", _("Complain")
    CHILD = "child", _("Report a child who uses the portal without a parent's consent")
    QUESTION = "question", _("Ask a question")


# Staff may work these without proof of identity. Their answers are shown after a code, as those of all rights.
WITHOUT_PROOF = frozenset({Right.COMPLAINT, Right.QUESTION, Right.CHILD})
# These hand out data: where the account has another contact point, a code to it is asked for, too.
HAND_OUT = frozenset({Right.ACCESS, Right.PORTABILITY})


class About(models.TextChoices):
    """Whose data a request is about (clause 1.6 of the sample policy). The portal itself carries out only `SELF`."""

    SELF = "self", _("About me")
    OTHER = "other", _("About somebody else, for whom I may act")
    NAMED = "named", _("About me, in the account of somebody else")


class ItemState(models.TextChoices):
    """The state of one item. The last five are outcomes: the item is decided."""

    RECEIVED = "received", _("Received: please confirm that it is you")
    PROVEN = "proven", _("Confirmed: being carried out")
    COOLING_OFF = "cooling_off", _("Cancelled: you can still keep the account")
    WITH_STAFF = "with_staff", _("A member of our staff is dealing with it")
    DONE = "done", _("Done")
    PARTLY = "partly", _("Done in part")
    REFUSED = "refused", _("Refused")
    NOT_PROVEN = "not_proven", _("Closed: we could not confirm that it was you")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OUTCOMES = frozenset({ItemState.DONE, ItemState.PARTLY, ItemState.REFUSED, ItemState.NOT_PROVEN, ItemState.WITHDRAWN})
# These name an exception, its legal basis, what is kept and until when, the regulator and the court (GDPR art. 12(4)).
WITH_REASONS = frozenset({ItemState.PARTLY, ItemState.REFUSED})

MOVES: dict[str, frozenset[str]] = {
    ItemState.RECEIVED: frozenset({ItemState.PROVEN, ItemState.WITH_STAFF, ItemState.NOT_PROVEN, ItemState.WITHDRAWN}),
    ItemState.PROVEN: frozenset({ItemState.COOLING_OFF, ItemState.WITH_STAFF, ItemState.DONE, ItemState.WITHDRAWN}),
    ItemState.COOLING_OFF: frozenset({ItemState.DONE, ItemState.PARTLY, ItemState.WITHDRAWN}),
    ItemState.WITH_STAFF: frozenset(
        {ItemState.PROVEN, ItemState.DONE, ItemState.PARTLY, ItemState.REFUSED, ItemState.WITHDRAWN}
    ),
    # Reopened by its link, within 90 days.
    ItemState.NOT_PROVEN: frozenset({ItemState.RECEIVED}),
    ItemState.DONE: frozenset(),
    ItemState.PARTLY: frozenset(),
    ItemState.REFUSED: frozenset(),
    ItemState.WITHDRAWN: frozenset(),
}


def may_move(before: str, after: str) -> bool:
    """Whether an item of one state may go to another."""
    return after in MOVES[before]


class Channel(models.TextChoices):
    """How a request reached us."""

    PAGE = "page", _("On our website")
    REST = "rest", _("In an app")
    EMAIL = "email", _("By e-mail")
    LETTER = "letter", _("By letter")
    PHONE = "phone", _("By phone")


class Proof(models.TextChoices):
    """How the person was identified, weakest first (GDPR art. 12(6): no more than is needed)."""

    SIGN_IN = "sign_in", _("A fresh sign-in")
    ONE_CODE = "one_code", _("A code to a contact point of the account")
    TWO_CODES = "two_codes", _("Codes to two contact points of the account")
    DOCUMENT = "document", _("A document that staff looked at")


class ExtensionReason(models.TextChoices):
    """Why more time is needed (GDPR art. 12(3): complexity and number of the requests)."""

    COMPLEX = "complex", _("The request is complex")
    MANY = "many", _("We received many requests at the same time")
    OTHERS = "others", _("Data of other people is concerned, and must be separated")
    RECIPIENTS = "recipients", _("We have to ask other organisations that hold the data")


class Contact(models.TextChoices):
    """How we reach the person; the names are those of the channels of messages."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    POST = "post", _("Post")


class PortalAnswer(models.TextChoices):
    """What the portal itself answers to an item; the page of the request shows these words."""

    NO_DATA = "no_data", _("We hold no data about you under this address.")
    COPY_READY = "copy_ready", _("Your copy is ready. You can read and download it here until it is deleted.")
    CORRECT_YOURSELF = "correct", _("You can correct your data yourself at any time: sign in, and open Settings.")
    SWITCHED_OFF = (
        "off",
        _("All optional uses of your data are off. To withdraw your consent to the policy, delete your account."),
    )
    OBJECTED = "objected", _("The use that you named is turned off.")
    RESTRICTED = "restricted", _("We only store your data now. You can lift this restriction at any time.")
    ERASED = "erased", _("Your account and its data are erased.")
    KEPT = "kept", _("The account was kept: its cancellation was undone.")
    STOPPED = "stopped", _("The deletion was stopped by the link that we sent to another address of the account.")
