"""Handlers of errors outside a view, for pages and REST."""

import logging
import sqlite3
import sys
from http import HTTPStatus

from django.db import Error, InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from portal.runtime.json_logs import request_id
from portal.web.error_pages import page_without_database
from privacy.rest.problems import BAD_REQUEST, INTERNAL, UNAVAILABLE, Problem
from privacy.rest.requests import is_rest

logger = logging.getLogger(__name__)

# PostgreSQL's `read_only_sql_transaction`: the server is a replica, as after a failover.
READ_ONLY = "25006"
RETRY_SECONDS = 30


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django gives both
    """Answer 400 without reading the form, which may be the cause."""
    if is_rest(request):
        return Problem(BAD_REQUEST).response()
    return page_without_database(request, "400.html", HTTPStatus.BAD_REQUEST)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 with `Retry-After` where a database is away or takes no writes, else 500.

    Django calls this while it handles the error of a view, a middleware or an endpoint.
    """
    if is_of_database(sys.exc_info()[1]):
        return unavailable(request)
    if is_rest(request):
        return Problem(INTERNAL).response()
    logger.error("The page of this error has the reference %s.", request_id())
    return page_without_database(request, "500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503, and close the connections: they may lead to the former primary."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
    if not is_rest(request):
        return page_without_database(
            request, "unavailable.html", HTTPStatus.SERVICE_UNAVAILABLE, retry_after=RETRY_SECONDS
        )
    response = Problem(UNAVAILABLE).response()
    response["Retry-After"] = str(RETRY_SECONDS)
    add_never_cache_headers(response)
    return response


def is_of_database(error: BaseException | None) -> bool:
    """Whether an error means that a database is away, busy or read-only, not that a statement is wrong."""
    if isinstance(error, OperationalError | InterfaceError):
        # SQLite also raises this for a missing table or column.
        return getattr(error.__cause__, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    return isinstance(error, Error) and getattr(error.__cause__, "sqlstate", "") == READ_ONLY
