"""Turns errors of services, forms and REST framework into problems."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from privacy.rest import problems
from privacy.rest.problems import MEDIA_TYPE, Errors, Problem, ProblemType, field_error

# Under this key, REST framework lists the errors of a body as a whole.
WHOLE = "non_field_errors"
_named: dict[type[Exception], Callable[[Any], Problem]] = {}
_FROM_FRAMEWORK: dict[type[Exception], ProblemType] = {
    exceptions.ParseError: problems.BAD_JSON,
    exceptions.NotAuthenticated: problems.NOT_SIGNED_IN,
    exceptions.AuthenticationFailed: problems.NOT_SIGNED_IN,
    exceptions.PermissionDenied: problems.FORBIDDEN,
    exceptions.NotFound: problems.NOT_FOUND,
    exceptions.MethodNotAllowed: problems.METHOD_NOT_ALLOWED,
    exceptions.NotAcceptable: problems.NOT_ACCEPTABLE,
    exceptions.UnsupportedMediaType: problems.UNSUPPORTED_MEDIA_TYPE,
    Http404: problems.NOT_FOUND,
    PermissionDenied: problems.FORBIDDEN,
}


def answer_with(error: type[Exception], problem: Callable[[Any], Problem]) -> None:
    """Declare how a service's named error is answered, whichever endpoint raises it."""
    _named[error] = problem


def handle_exception(error: Exception, _context: Any) -> Response | None:
    """Answer an exception with its problem; an undeclared exception becomes a 500."""
    problem = _problem_of(error)
    if problem is None:
        return None
    set_rollback()
    headers = problem.headers | _framework_headers(error)
    return Response(problem.body, status=problem.kind.status, content_type=MEDIA_TYPE, headers=headers)


def errors_of(form: forms.BaseForm) -> Errors:
    """Return the errors of a form by field; those of no field under an empty name."""
    return {
        name if name != "__all__" else "": [
            field_error(error.code or "", message) for error in found for message in error.messages
        ]
        for name, found in form.errors.as_data().items()
    }


def form_problem(form: forms.BaseForm) -> Problem:
    """Return the problem of a form that does not validate, with its errors by field."""
    return Problem(problems.INVALID, errors=errors_of(form))


def merge_errors(errors: Errors, more: Errors) -> Errors:
    """Return `errors`, and those of `more` about members without an error on them, around them or in them."""
    members = {path.partition(".")[0] for path in errors}
    new = {
        path: found
        for path, found in more.items()
        if path not in errors and path.partition(".")[0] not in errors and path not in members
    }
    return {**errors, **new}


def field_problem(field: str, code: str, message: object) -> Problem:
    """Return the problem of one field."""
    return Problem(problems.INVALID, errors={field: [field_error(code, message)]})


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, Problem):
        return error
    if isinstance(error, exceptions.ValidationError):
        return Problem(problems.INVALID, errors=flattened(error.detail))
    named = next((make for kind, make in _named.items() if isinstance(error, kind)), None)
    if named:
        return named(error)
    return next((Problem(kind) for known, kind in _FROM_FRAMEWORK.items() if isinstance(error, known)), None)


def _framework_headers(error: Exception) -> dict[str, str]:
    challenge = getattr(error, "auth_header", None)
    return {"WWW-Authenticate": challenge} if challenge else {}


def flattened(detail: Any, path: str = "") -> Errors:
    """Return the errors of a body by the paths of its members, such as `consent.policy`."""
    if isinstance(detail, dict):
        # An error of a nested body as a whole is an error of its member.
        paths = {name: path if name == WHOLE and path else f"{path}.{name}".lstrip(".") for name in detail}
        parts = [flattened(inner, paths[name]) for name, inner in detail.items()]
        return {name: found for part in parts for name, found in part.items()}
    details = detail if isinstance(detail, list) else [detail]
    if any(isinstance(inner, dict | list) for inner in details):
        parts = [flattened(inner, f"{path}.{index}") for index, inner in enumerate(details) if inner]
        return {name: found for part in parts for name, found in part.items()}
    return {path: [field_error(getattr(inner, "code", ""), inner) for inner in details]}
