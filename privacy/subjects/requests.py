"""The type of a request whose person is signed in, and what its page has read of them already."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest

from privacy.subjects.models import DataSubject

Result = TypeVar("Result")


class SubjectRequest(HttpRequest):
    """A request whose subject `accounts.sessions.middleware` set; views behind `login_required` always have one."""

    data_subject: DataSubject


def read_once(request: SubjectRequest, read: Callable[[UUID], Result]) -> Result:
    """Return the result of a query of the request's person, which takes their id; it is asked once for each request.

    For pages whose parts show the same data. Code that changes data asks the query itself.
    """
    results = request.__dict__.setdefault("results_of_queries", {})
    if read not in results:
        results[read] = read(request.data_subject.pk)
    result: Result = results[read]
    return result
