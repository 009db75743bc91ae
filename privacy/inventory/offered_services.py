"""`Service`: what a service needs to know of a person, asked once they want it (1.1 of the sample policy)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from privacy.inventory.declarations import Kind, Label
from privacy.inventory.purposes import optional_purposes
from privacy.operations.collecting import declared
from privacy.subjects.requests import SubjectRequest


@dataclass(frozen=True)
class Service:
    """Declared by the package that offers the service.

    `about` says what it is. `needs` are keys of personal fields: a person is asked for those that their kind of
    registration has. `licence` is whether it needs a business licence. With `verified`, what was given counts once it
    is verified: a contact point by its code, a licence by its approval. `kinds` of registration can have the service;
    one with a `purpose` only while that optional purpose is asked for.
    """

    key: str
    label: Label
    about: Label
    needs: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset(Kind)
    verified: bool = False
    licence: bool = False
    purpose: str = ""

    def is_offered_to(self, kind: Kind | str) -> bool:
        """Whether a registration of this kind can have it."""
        is_asked = not self.purpose or self.purpose in {purpose.key for purpose in optional_purposes()}
        return Kind(kind) in self.kinds and is_asked


class What(StrEnum):
    """The kind of a thing that is missing."""

    FIELD = "field"
    LICENCE = "licence"


class State(StrEnum):
    """How far the person is with a thing that is missing."""

    NOT_GIVEN = "not_given"
    TO_VERIFY = "to_verify"
    IN_REVIEW = "in_review"


@dataclass(frozen=True)
class Missing:
    """One thing that a service needs and that a person has not given, or that is not verified.

    `key` is that of the field, `why` says why it is asked. `page` is the path of the page where it is given; empty for
    a field that the page of the service asks for. `call` is the method and the path of the endpoint.
    """

    what: What
    key: str
    label: Label
    why: Label
    call: str
    state: State = State.NOT_GIVEN
    page: str = ""


@dataclass(frozen=True)
class Requirements:
    """Declared by the package that knows what people gave.

    `missing` takes a person's id and a service, and returns what is missing; None if the person cannot have it. `page`
    takes the key of a service and the path to return to, and returns the URL of the page that asks for what is missing.
    """

    missing: Callable[[UUID, Service], Sequence[Missing] | None]
    page: Callable[[str, str], str]


def services_for(kind: Kind | str) -> list[Service]:
    """Return the services that a registration of this kind can have."""
    return [service for service in declared(Service) if service.is_offered_to(kind)]


def find_service(key: str, kind: Kind | str) -> Service | None:
    """Return a service that a registration of this kind can have, or None."""
    return next((service for service in services_for(kind) if service.key == key), None)


def is_met(subject_id: UUID, service: Service) -> bool:
    """Whether a person can have a service, and nothing that it needs is missing."""
    [requirements] = declared(Requirements)
    return requirements.missing(subject_id, service) == []


def page_for_missing(subject_id: UUID, service: Service, *, then: str) -> str:
    """Return the URL of the page that asks for what is missing and leads on to the path `then`; empty if nothing is.

    Raises `Http404` if the person cannot have the service.
    """
    [requirements] = declared(Requirements)
    missing = requirements.missing(subject_id, service)
    if missing is None:
        raise Http404
    return requirements.page(service.key, then) if missing else ""


def page_for_purpose(subject_id: UUID, purpose: str, *, then: str) -> str:
    """Return `page_for_missing` of the service of an optional purpose; empty if there is none or nothing is missing."""
    [requirements] = declared(Requirements)
    unmet = (each for each in declared(Service) if each.purpose == purpose and requirements.missing(subject_id, each))
    return next((requirements.page(service.key, then) for service in unmet), "")


def needs_service(service: Service) -> Callable[[Any], Any]:
    """Decorate a view of signed-in people, below `login_required`, that only a service's people use.

    A person whose data is missing is led to the page that asks for it, and back. Who cannot have it gets 404.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: SubjectRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            page = page_for_missing(request.data_subject.pk, service, then=request.get_full_path())
            return redirect(page) if page else view(request, *args, **kwargs)

        return guarded

    return decorate
