"""What a person gave already, and what a service needs besides."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.models import ContactPoint
from accounts.contact_points.services import every_contact
from accounts.licences.models import Licence
from accounts.licences.queries import licence_in_force, present_licence
from accounts.licences.states import LicenceState
from accounts.profiles.models import Profile
from accounts.profiles.queries import HELD_ELSEWHERE, given_fields, profile_of
from accounts.second_factors.next_page import with_next
from privacy.inventory.declarations import PersonalField
from privacy.inventory.offered_services import Missing, Service, State, What, services_for
from privacy.inventory.queries import fields_for
from privacy.subjects.requests import SubjectRequest, read_once

# Every account has them.
OF_EVERYBODY = ("username", "password")
LICENCE_LABEL, LICENCE_WHY = _("Business licence"), _("To verify the enterprise.")


class Held:
    """What a person gave. Each part is read when a service first asks for it; `read` asks a query of the person."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        self._read = read

    @cached_property
    def profile(self) -> Profile | None:
        """The profile; staff have none."""
        return self._read(profile_of)

    @cached_property
    def contacts(self) -> Sequence[ContactPoint]:
        """Every contact point, verified or not."""
        return self._read(every_contact)

    @cached_property
    def licence_in_force(self) -> Licence | None:
        """The approved licence."""
        return self._read(licence_in_force)

    @cached_property
    def is_in_review(self) -> bool:
        """Whether the newest licence waits for a review."""
        present: Licence | None = self._read(present_licence)
        return present is not None and present.state == LicenceState.IN_REVIEW


def held_by(subject_id: UUID) -> Held:
    """Return what a person gave."""
    return Held(lambda query: query(subject_id))


def held_in(request: SubjectRequest) -> Held:
    """Return what the person of a request gave; its parts are asked once for each request."""
    return Held(lambda query: read_once(request, query))


def services_of(held: Held) -> list[Service]:
    """Return the services that a person can have; staff without a profile have none."""
    return services_for(held.profile.kind) if held.profile else []


def missing_for(service: Service, held: Held) -> list[Missing]:
    """Return what a service needs besides what a person with a profile gave, the fields in their order first."""
    if held.profile is None:
        return []
    needed = [field for field in fields_for(held.profile.kind) if field.key in service.needs]
    found = [missing for field in needed if (missing := _missing_field(field, service, held))]
    if service.licence and (state := _missing_licence(service, held)):
        found.append(
            Missing(
                What.LICENCE, "", LICENCE_LABEL, LICENCE_WHY, _call("PUT", "rest_licence"), state, reverse("licence")
            )
        )
    return found


def has_service(service: Service, held: Held) -> bool:
    """Whether a person can have a service, and nothing that it needs is missing."""
    return service in services_of(held) and not missing_for(service, held)


def missing_of_person(subject_id: UUID, service: Service) -> list[Missing] | None:
    """Return what is missing for a service; None if the person cannot have it."""
    held = held_by(subject_id)
    if held.profile is None or not service.is_offered_to(held.profile.kind):
        return None
    return missing_for(service, held)


def page_of_service(key: str, then: str) -> str:
    """Return the URL of the page of a service that leads on to `then`."""
    return with_next("service", then, key)


def _missing_field(field: PersonalField, service: Service, held: Held) -> Missing | None:
    if field.key in OF_EVERYBODY:
        return None
    if field.key not in HELD_ELSEWHERE:
        is_given = held.profile is None or field.key in given_fields(held.profile)
        call = _call("PATCH", "rest_me")
        return None if is_given else Missing(What.FIELD, field.key, field.label, field.why, call)
    given = [contact for contact in held.contacts if contact.field == field.key]
    if any(contact.verified_at or not service.verified for contact in given):
        return None
    state = State.TO_VERIFY if given else State.NOT_GIVEN
    page = "verify_changed_contact" if given else "change_contact"
    call = _call("POST", "rest_verify_contact" if given else "rest_change_contact", field.key)
    return Missing(What.FIELD, field.key, field.label, field.why, call, state, reverse(page, args=[field.key]))


def _missing_licence(service: Service, held: Held) -> State | None:
    """Return the state of a licence that does not count yet, or None."""
    if held.licence_in_force or (not service.verified and held.is_in_review):
        return None
    return State.IN_REVIEW if held.is_in_review else State.NOT_GIVEN


def _call(method: str, name: str, *args: str) -> str:
    return f"{method} {reverse(name, args=args)}"
