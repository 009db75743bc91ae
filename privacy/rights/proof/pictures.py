"""The picture of a document: staff ask for it, the person gives it, staff look at it. Each step is evidence.

The portal never decodes a picture. Staff see the bytes as they were sent, under a policy that runs and loads nothing.
"""

import base64

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from privacy.encryption.keys import create_keys
from privacy.evidence.clock import database_now
from privacy.rights.choices import Contact
from privacy.rights.models.documents import DOCUMENT_CLASS, RequestDocument
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RightsRequest
from privacy.rights.notices import send_document_asked
from privacy.rights.proof.discarding import discard_documents
from privacy.rights.states.moving import locked, note

# Bytes; a photo of a phone has two to four million.
LARGEST_PICTURE = 5 * 2**20
_JPEG, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
_PNG, _PNG_FIRST, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IHDR", b"IEND\xaeB`\x82"


class LookReason(models.TextChoices):
    """Why a member of staff looks at a picture."""

    IDENTITY = "identity", gettext_lazy("To confirm who asks")
    AUTHORITY = "authority", gettext_lazy("To check that they may act for somebody else")


class PictureRefused(Exception):
    """The file is no picture that we take, or none is awaited; the message says so to the person."""


class NotAsked(Exception):
    """No picture can be asked for; the message says why to staff."""


def may_ask_for_picture(request: RightsRequest) -> bool:
    """Whether staff may ask for a picture: the request is open, and its person has a page and is reached there."""
    return request.closed_at is None and request.contact != Contact.POST


def awaits_picture(request: RightsRequest) -> bool:
    """Whether the page of a request takes a picture: staff asked for one, and the request is open."""
    return request.closed_at is None and request.document_asked_at is not None


def ask_for_picture(*, request: RightsRequest, role: str) -> None:
    """Let the page of a request take a picture, and tell the person. Raises `NotAsked`."""
    with transaction.atomic():
        found = locked(request.pk)
        if not may_ask_for_picture(found):
            raise NotAsked(_("The request is closed, or its person is reached by post only."))
        found.document_asked_at = database_now()
        found.save(update_fields=["document_asked_at"])
        note(found, RequestRecord.Act.DOCUMENT_ASKED, role=role)
        send_document_asked(found)


def take_picture(*, request: RightsRequest, content: bytes) -> RequestDocument:
    """Store the picture that the person gives, sealed; an earlier one is destroyed. Raises `PictureRefused`."""
    document = RequestDocument(request=request, kind=kind_of(content), content=base64.b64encode(content).decode())
    create_keys(document.pk, [DOCUMENT_CLASS])
    with transaction.atomic():
        found = locked(request.pk)
        if not awaits_picture(found):
            raise PictureRefused(_("We do not need a picture for this request."))
        discard_documents([found.pk])
        document.request = found
        document.save(force_insert=True)
        note(found, RequestRecord.Act.DOCUMENT_GIVEN)
    return document


def look_at_picture(*, request: RightsRequest, reason: str, role: str) -> tuple[str, bytes] | None:
    """Note that a member of staff looks at the picture of a request and why; return its media type and bytes.

    None where there is none any more. `reason` is one of `LookReason`.
    """
    with transaction.atomic():
        found = locked(request.pk)
        document = RequestDocument.objects.filter(request=found).first()
        if document is None:
            return None
        note(found, RequestRecord.Act.DOCUMENT_SEEN, role=role, details={"why_seen": LookReason(reason).value})
    return document.kind, base64.b64decode(str(document.content))


def kind_of(content: bytes) -> str:
    """Return the media type of a picture by its first and last bytes. Raises `PictureRefused`.

    What a browser or a scanner of mail could read as another kind of file does not begin like this.
    """
    if len(content) > LARGEST_PICTURE:
        raise PictureRefused(_("The picture is too large. It can have 5 MB at most."))
    if content.startswith(_JPEG) and content.rstrip(b"\0").endswith(_JPEG_END):
        return RequestDocument.Kind.JPEG
    if content.startswith(_PNG) and content[12:16] == _PNG_FIRST and content.endswith(_PNG_END):
        return RequestDocument.Kind.PNG
    raise PictureRefused(_("Choose a picture in the format JPEG or PNG. Other files, such as PDF, are not accepted."))
