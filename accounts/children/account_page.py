"""How the settings show a guardian their children, and a child that a guardian acts for them."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.contact_points.models import ContactPoint
from accounts.users.requests import UserRequest
from privacy.guardians.models.guardianships import Guardianship
from privacy.guardians.same_address import mark_of_account
from privacy.operations.account_pages import AccountPage, PageState
from privacy.subjects.requests import read_once


def children_around(subject_id: UUID) -> list[UUID]:
    """Return for whom a guardianship is in force that this person has, by account or verified address, or is under.

    Keyed hashes find them: no key is opened, and one query is asked.
    """
    addresses = ContactPoint.objects.filter(subject_id=subject_id, verified_at__isnull=False).values("index")
    mine = Q(account_mark=mark_of_account(subject_id)) | Q(address_index__in=addresses) | Q(subject_id=subject_id)
    return list(Guardianship.objects.filter(mine, ended_at__isnull=True).values_list("subject_id", flat=True))


def children_state(request: UserRequest) -> PageState:
    """Return for how many children the person acts; neither a name nor an address."""
    count = len({child for child in read_once(request, children_around) if child != request.data_subject.pk})
    line = ngettext("You act for %(count)d child here.", "You act for %(count)d children here.", count)
    return PageState(line % {"count": count}, step=_("See, correct, copy or end their accounts"))


def guardians_state(_request: UserRequest) -> PageState:
    """Return who acts for the person: a role, and no address."""
    return PageState(_("A parent or guardian acts for you here."), step=_("See what they can do"))


def is_guardian(request: UserRequest) -> bool:
    """Whether the person is a guardian of another one."""
    return any(child != request.data_subject.pk for child in read_once(request, children_around))


def has_guardian(request: UserRequest) -> bool:
    """Whether a guardian acts for the person."""
    return request.data_subject.pk in read_once(request, children_around)


CHILDREN_PAGE = AccountPage(
    "my_children",
    gettext_lazy("Children"),
    "user",
    46,
    children_state,
    for_staff=lambda _request: False,
    for_person=is_guardian,
)
GUARDIANS_PAGE = AccountPage(
    "my_guardians",
    gettext_lazy("Parents and guardians"),
    "shield",
    47,
    guardians_state,
    on_home=False,
    for_staff=lambda _request: False,
    for_person=has_guardian,
)
