"""Refuses a request whose body is too large for its view, before the body is read."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from privacy.rest.problems import LENGTH_REQUIRED, TOO_LARGE, Problem
from privacy.rest.requests import is_rest
from privacy.subjects.markers import LARGEST_BODY, largest_body


class BodyLimitMiddleware:
    """Answers 413, or 411 without a length: Django reads no body of unknown length.

    A view with a higher limit has `takes_bodies_up_to`. Django reads no more than the given length.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "Transfer-Encoding" in request.headers:
            return _refusal(request, HTTPStatus.LENGTH_REQUIRED)
        given = request.META.get("CONTENT_LENGTH") or "0"
        length = int(given) if given.isdecimal() else 0
        if length > LARGEST_BODY and length > _largest_for(request.path_info):
            return _refusal(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request)


def _largest_for(path: str) -> int:
    try:
        return largest_body(resolve(path).func)
    except Resolver404:
        return LARGEST_BODY


def _refusal(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if is_rest(request):
        return Problem(LENGTH_REQUIRED if status == HTTPStatus.LENGTH_REQUIRED else TOO_LARGE).response()
    context = {"has_length": status != HTTPStatus.LENGTH_REQUIRED, "kilobytes": _largest_for(request.path_info) // 1024}
    return render(request, "413.html", context, status=status)
