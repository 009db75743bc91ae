"""`/settings/privacy/access/`: which staff accessed a person's data."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from privacy.access.queries import accesses_of
from privacy.subjects.markers import open_at_the_gate
from privacy.subjects.requests import SubjectRequest

PER_PAGE = 50


@open_at_the_gate
@login_required
@never_cache
def accesses(request: SubjectRequest) -> HttpResponse:
    """List every act of staff on the person's data."""
    page = Paginator(accesses_of(request.data_subject.pk), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "privacy/access/accesses.html", {"accesses": page})
