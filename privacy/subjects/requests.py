"""The type of a request whose person is signed in."""

from django.http import HttpRequest

from privacy.subjects.models import DataSubject


class SubjectRequest(HttpRequest):
    """A request that `accounts.sessions.middleware` gave its subject; behind `login_required` there is one."""

    data_subject: DataSubject
