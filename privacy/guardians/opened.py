"""What the session of a guardian's browser holds: the children whose links were opened, and the guardianships.

Everything that a guardian does goes through `opened_child`, `agreed_child` or `guardianship_of`: what the session does
not name does not exist for it.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from privacy.guardians.accesses import (
    end_access,
    end_accesses,
    guardianships_with,
    note_use,
    open_access,
    open_accesses,
)
from privacy.guardians.models.accesses import GuardianAccess
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.models.pending import PendingChild
from privacy.guardians.own_addresses import marks_of_asked, marks_of_guardians
from privacy.guardians.queries import is_second_token, waiting_child

# The numbers of the children whose link was opened in this session; SECOND: by the link to the second contact point.
OPENED, SECOND, MOST_OPENED = "opened_children", "opened_children_second", 20
# The number of the guardian's access: the session is its proof, and the number alone opens nothing.
ACCESS = "guardian_access"


@dataclass(frozen=True)
class AgreedChild:
    """A child whose guardian agreed and proved who they are, and who may register now."""

    number: UUID
    country: str
    # The marks (`mark_of`) of the guardian's addresses: none is the child's own.
    marks: frozenset[bytes]


def open_child(request: HttpRequest, child: PendingChild, token: str) -> None:
    """Note that a link was opened in this session."""
    for name in (OPENED, SECOND) if is_second_token(token) else (OPENED,):
        request.session[name] = [*request.session.get(name, []), str(child.pk)][-MOST_OPENED:]


def close_child(request: HttpRequest, child: PendingChild) -> None:
    """Forget a child that is gone."""
    request.session[OPENED] = [number for number in request.session.get(OPENED, []) if number != str(child.pk)]


def open_again(request: HttpRequest, number: UUID) -> None:
    """Note a child who was open in the session before this one: its guardian signed out to register them."""
    request.session[OPENED] = [str(number)]


def opened_child(request: HttpRequest, child_id: UUID | str) -> PendingChild | None:
    """Return a child of this session; None if they wait no longer. Raises `Http404` for any other."""
    if str(child_id) not in request.session.get(OPENED, []):
        raise Http404
    return waiting_child(child_id)


def is_second(request: HttpRequest, child: PendingChild) -> bool:
    """Whether the link to the second contact point was opened in this session."""
    return str(child.pk) in request.session.get(SECOND, [])


def agreed_child(request: HttpRequest, number: str) -> AgreedChild | None:
    """Return the child of a number that may be registered in this session, or whose registration is corrected."""
    if number not in request.session.get(OPENED, []):
        return None
    child = waiting_child(number)
    if child and child.state == PendingChild.State.AGREED and not child.joins:
        return AgreedChild(child.pk, child.country, marks_of_asked(child))
    done = Guardianship.objects.filter(child=number, ended_at__isnull=True).first()
    return AgreedChild(done.child, "", marks_of_guardians([done])) if done else None


def open_guardianships(request: HttpRequest, token: str) -> bool:
    """Open the children of a link in this session, under a new secret; return whether the link is right and in time.

    Raises `LinkUsed` the second time.
    """
    access = open_access(token=token)
    if access is None:
        return False
    close_guardianships(request)
    request.session.cycle_key()
    request.session[ACCESS] = str(access.pk)
    return True


def close_guardianships(request: HttpRequest, *, everywhere: bool = False) -> None:
    """Sign a guardian out of this session; `everywhere`, also out of all others, and revoke their links."""
    access = access_in(request)
    if access and everywhere:
        end_accesses(address_index=access.address_index)
    if number := request.session.pop(ACCESS, None):
        end_access(number=number)


def access_in(request: HttpRequest) -> GuardianAccess | None:
    """Return the guardian's access that is open in this session, and note its use; None without one or after it."""
    number = request.session.get(ACCESS)
    access = open_accesses().filter(pk=number).first() if number else None
    if access:
        note_use(access=access)
    return access


def guardianships_in(request: HttpRequest) -> QuerySet[Guardianship]:
    """Return the guardianships in force that are open in this session; none after its end."""
    access = access_in(request)
    return guardianships_with(access) if access else Guardianship.objects.none()


def guardianship_of(request: HttpRequest, number: UUID) -> Guardianship:
    """Return one guardianship of this session. Raises `Http404` for one of another session, and for none."""
    found = guardianships_in(request).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
