"""The type of a request whose person is signed in."""

from django.http import HttpRequest

from privacy.subjects.models import DataSubject


class SubjectRequest(HttpRequest):
    """A request whose subject `accounts.sessions.middleware` set; views behind `login_required` always have one."""

    data_subject: DataSubject
