"""`/settings/privacy/restriction/`: restrict the use of one's data, and lift that."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from privacy.restriction.models import ProcessingRestriction
from privacy.restriction.queries import restrictions_of
from privacy.restriction.services import lift_restriction, restrict_processing
from privacy.subjects.markers import fresh_sign_in_required, open_at_the_gate
from privacy.subjects.requests import SubjectRequest

Why, By = ProcessingRestriction.Why, ProcessingRestriction.By


@open_at_the_gate
@fresh_sign_in_required
@login_required
@never_cache
def restriction(request: SubjectRequest) -> HttpResponse:
    """Show what is restricted and why; a POST restricts, or lifts what the person asked for themselves."""
    subject = request.data_subject
    if request.method == "POST":
        if "lift" in request.POST:
            if lift_restriction(subject=subject, why=Why.REQUEST, by=By.SELF):
                messages.success(request, _("The restriction is lifted: your data is used as you agreed."))
        else:
            restrict_processing(subject=subject, why=Why.REQUEST)
            messages.success(request, _("From now on, your data is only stored."))
        return redirect("restriction")
    found = list(restrictions_of(subject.pk))
    own = next((one for one in found if one.why == Why.REQUEST), None)
    return render(request, "privacy/restriction/restriction.html", {"restrictions": found, "own": own})
