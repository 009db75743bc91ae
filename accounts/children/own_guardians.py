"""`/settings/guardians/`: a child reads who acts for them, since when, until when, and what they can do."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from privacy.guardians.acting import guardians_of
from privacy.subjects.requests import SubjectRequest


@login_required
@never_cache
def my_guardians(request: SubjectRequest) -> HttpResponse:
    """Show the guardians of the signed-in person by their role: an address is data of somebody else."""
    context = {"guardians": guardians_of(request.data_subject.pk)}
    return render(request, "accounts/children/my_guardians.html", context)
