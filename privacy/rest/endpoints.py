"""The base of every endpoint."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from privacy.rest.authentication import BearerAuthentication
from privacy.rest.errors import errors_of, field_problem, flattened, merge_errors
from privacy.rest.paging import Pages
from privacy.rest.parsing import StrictJSONParser
from privacy.rest.problems import ALREADY_SIGNED_IN, INVALID, Errors, Problem
from privacy.rest.retries import answer_once, is_random
from privacy.subjects.markers import (
    asks_for_password,
    fresh_sign_in_required,
    open_at_the_gate,
    open_with_temporary_password,
    readable_at_the_gate,
    takes_bodies_up_to,
)
from privacy.subjects.models import DataSubject

F = TypeVar("F", bound=Form)


class Endpoint(APIView):
    """One address. Only signed-in people have access, unless it is `public`; every POST may be retried with its key.

    An `entrance` begins a sign-in. It refuses the token of a signed-in person, which would otherwise become another's.
    `at_the_gate` leaves it open while a material change waits for an answer, `readable_at_the_gate` only its GET.
    `fresh_sign_in_for` names the methods that need a fresh sign-in; so do all methods that the endpoint does not answer
    itself. If it `asks_for_password`, that is enough for people without a second factor. `limited_as` names the action
    as which each method counts against limits. `holds_secret` says that the body holds a password, so that a retry of
    it needs no token; `key_is_secret` that a random key is enough, because the answer opens nothing that is sealed.
    `with_temporary_password` leaves it open until a temporary password is changed.
    """

    public = False
    entrance = False
    at_the_gate = readable_at_the_gate = False
    limited_as: Mapping[str, str] = {}
    with_temporary_password = False
    fresh_sign_in_for: tuple[str, ...] = ()
    holds_secret = key_is_secret = False
    asks_for_password = False
    # Bytes of a request, where it may have more than others.
    largest_body = 0
    authentication_classes = (BearerAuthentication,)
    parser_classes = (StrictJSONParser,)

    @classmethod
    def as_view(cls, **options: Any) -> Any:
        """Return the view, with the marks that middleware reads."""
        view = super().as_view(**options)
        if cls.public or cls.at_the_gate:
            open_at_the_gate(view)
        elif cls.readable_at_the_gate:
            readable_at_the_gate(view)
        view.limited_as = cls.limited_as  # type: ignore[attr-defined]
        if cls.largest_body:
            takes_bodies_up_to(cls.largest_body)(view)
        if cls.asks_for_password:
            asks_for_password(view)
        if cls.with_temporary_password:
            open_with_temporary_password(view)
        if cls.fresh_sign_in_for:
            fresh_sign_in_required(view, except_for=cls._own_methods().difference(cls.fresh_sign_in_for))
        return view

    @classmethod
    def _own_methods(cls) -> set[str]:
        """Return the methods that the endpoint answers itself; the framework answers OPTIONS."""
        return {name.upper() for name in cls.http_method_names if name != "options" and hasattr(cls, name)}

    def get_permissions(self) -> list[Any]:
        """Return the permission that this address needs."""
        return [AllowAny() if self.public else IsAuthenticated()]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a request; a POST with an Idempotency-Key only once."""
        key = request.headers.get("Idempotency-Key", "")
        answer = super().dispatch
        if request.method != "POST" or not key:
            return answer(request, *args, **kwargs)
        try:
            is_known = self.holds_secret or (self.key_is_secret and is_random(key))
            return answer_once(request, key, lambda: _rendered(answer(request, *args, **kwargs)), holds_secret=is_known)
        except Problem as problem:
            return problem.response()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check what applies to every request."""
        super().initial(request, *args, **kwargs)
        if self.entrance and request.user.is_authenticated:
            raise Problem(ALREADY_SIGNED_IN)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Keep answers out of every cache, except those that say otherwise."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if "Cache-Control" not in final:
            add_never_cache_headers(final)
        return final

    @property
    def http(self) -> Any:
        """Django's own request, for services and forms; middleware set its person."""
        return self.request._request

    @property
    def user(self) -> Any:
        """The signed-in user."""
        return self.request.user

    @property
    def subject(self) -> DataSubject:
        """The data subject of the signed-in user."""
        subject: DataSubject = self.http.data_subject
        return subject

    def checked(self, body: type[Serializer], **options: Any) -> dict[str, Any]:
        """Return the values of a request's body. Raises `ValidationError`."""
        serializer = body(data=self.request.data or {}, **options)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def partly_checked(self, body: type[Serializer]) -> tuple[dict[str, Any], Errors]:
        """Return the members of a request's body that passed, and the errors of the others by path.

        A caller that checks the values further can answer all errors at once. If there are errors, the members are as
        they were sent, not converted.
        """
        data = self.request.data or {}
        serializer = body(data=data)
        if serializer.is_valid():
            return dict(serializer.validated_data), {}
        errors = flattened(serializer.errors)
        return (_passed(data, errors) if isinstance(data, Mapping) else {}), errors

    def checked_by(self, body: type[Serializer], make_form: Callable[[dict[str, Any]], F]) -> F:
        """Return the form that checked the values of a request's body.

        Raises `Problem` with the errors of the body and of the form in one answer.
        """
        given, errors = self.partly_checked(body)
        form = make_form(given)
        form.is_valid()
        if found := merge_errors(errors, errors_of(form)):
            raise Problem(INVALID, errors=found)
        return form

    def page(self, rows: QuerySet, ordering: str, present: Callable[[Any], Any]) -> Response:
        """Return one page of rows, newest first; `present` makes JSON of a row."""
        pages = Pages()
        pages.ordering = ordering
        try:
            found: list[Model] = pages.paginate_queryset(rows, self.request, view=self) or []
        except (NotFound, ValueError, ValidationError, TypeError, OverflowError):
            raise field_problem("cursor", "invalid_cursor", pages.invalid_cursor_message) from None
        return Response(
            {
                "results": [present(row) for row in found],
                "next": pages.get_next_link(),
                "previous": pages.get_previous_link(),
            }
        )


def _passed(data: Mapping[str, Any], errors: Errors, path: str = "") -> dict[str, Any]:
    passed = {}
    for name, value in data.items():
        here = f"{path}{name}"
        if here in errors:
            continue
        if not any(known.startswith(f"{here}.") for known in errors):
            passed[name] = value
        elif isinstance(value, Mapping):
            passed[name] = _passed(value, errors, f"{here}.")
    return passed


def _rendered(response: HttpResponseBase) -> HttpResponse:
    if isinstance(response, Response) and not response.is_rendered:
        response.render()
    assert isinstance(response, HttpResponse)  # noqa: S101 - for the type checker: nothing here streams
    return response
