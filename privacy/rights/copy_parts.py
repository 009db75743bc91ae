"""What a copy of a person's data says of their requests."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from privacy.inventory.copy_parts import (
    ANOTHER_PERSON,
    OUR_ATTEMPTS,
    ROW_NUMBER,
    CopyPart,
    CopySection,
    CopySource,
    CopyValue,
    NotCopied,
)

_AGE = {"closed_at": "when the request was closed: the request says so"}

REQUESTS = CopyPart(
    CopySection.REQUESTS,
    "requests",
    _("Requests"),
    CopySource.PERSON,
    (
        CopyValue("reference", _("Reference")),
        CopyValue("received_at", _("Received on")),
        CopyValue("channel", _("How it reached us")),
        CopyValue("about", _("Whose data")),
        CopyValue("attested_at", _("You stated that you may act for them on")),
        CopyValue("contact", _("Answered by")),
        CopyValue("address", _("Where you wanted the answer")),
        CopyValue("country", _("Country or region"), words="country"),
        CopyValue("language", _("Language"), words="language", for_people=False),
        CopyValue("due_at", _("To be answered by")),
        CopyValue("first_due_at", _("First to be answered by"), for_people=False),
        CopyValue("due_rule", _("Rule of the due time"), column="rule", for_people=False),
        CopyValue("due_computed_from", _("What the due time was computed from"), column="clock", for_people=False),
        CopyValue("proof", _("How we confirmed that it was you")),
        CopyValue("proven_at", _("Confirmed on")),
        CopyValue("closed_at", _("Closed on")),
    ),
    newest="received_at",
    position=10,
    left_out={
        **dict.fromkeys(("filed_by", "assigned_to"), ANOTHER_PERSON),
        "token_hash": "a keyed hash of the secret in your link",
        "document_asked_at": "when we asked for a picture of a document: the steps of the request say so",
        "wrong_codes": "protects against guessing, and says nothing about you",
        "jurisdiction": "follows from the country",
        "filed_at": "when staff typed a letter: the time of its receipt is in the copy",
    },
)
ITEMS = CopyPart(
    CopySection.REQUESTS,
    "request_items",
    _("What you asked for"),
    CopySource.PERSON,
    (
        CopyValue("request", _("Request"), column="request.reference"),
        CopyValue("requested_at", _("Requested on"), column="request.received_at"),
        CopyValue("right", _("What you asked for")),
        CopyValue("ground", _("Why")),
        CopyValue("text", _("Your words")),
        CopyValue("state", _("State")),
        CopyValue("answer", _("Answer")),
        CopyValue("exception", _("Why we refused it")),
        CopyValue("legal_basis", _("Legal basis")),
        CopyValue("kept", _("What is kept"), words="classes"),
        CopyValue("kept_until", _("Kept until")),
        CopyValue("regulator", _("Where to complain")),
        CopyValue("court", _("Court")),
        CopyValue("decided_at", pgettext_lazy("a request", "Decided on")),
        CopyValue("decided_role", _("Decided by"), words="our_words"),
    ),
    newest="requested_at",
    position=11,
    left_out={**_AGE, "decided_by": ANOTHER_PERSON, "carried_out_by": ROW_NUMBER},
)
MESSAGES = CopyPart(
    CopySection.REQUESTS,
    "request_messages",
    _("Answers to your requests"),
    CopySource.STAFF,
    (
        CopyValue("request", _("Request"), column="request.reference"),
        CopyValue("at", _("When")),
        CopyValue("role", _("Role"), words="our_words"),
        CopyValue("language", _("Language"), words="language", for_people=False),
        CopyValue("text", _("Text")),
        CopyValue("notified_at", _("You were notified on"), column="handed_over_at"),
    ),
    newest="at",
    position=12,
    left_out={
        **_AGE,
        "notice": ROW_NUMBER,
        "failed_at": OUR_ATTEMPTS,
        "written_by": ANOTHER_PERSON,
        "kind": "notes about a request for staff are not copied: they are our own work on it",
    },
)
EXTENSIONS = CopyPart(
    CopySection.REQUESTS,
    "request_extensions",
    _("Extensions of the time for an answer"),
    CopySource.STAFF,
    (
        CopyValue("request", _("Request"), column="request.reference"),
        CopyValue("decided_at", pgettext_lazy("a request", "Decided on")),
        CopyValue("role", _("Role"), column="decided_role", words="our_words"),
        CopyValue("reason", _("Why")),
        CopyValue("text", _("Text")),
        CopyValue("due_at", _("To be answered by")),
        CopyValue("notified_at", _("You were notified on"), column="handed_over_at"),
        CopyValue("void_at", _("Void since")),
    ),
    newest="decided_at",
    position=13,
    left_out={**_AGE, "decided_by": ANOTHER_PERSON, "notice": ROW_NUMBER},
)
CODES = NotCopied("codes that proved who asked: hashes, and times that the request repeats")
