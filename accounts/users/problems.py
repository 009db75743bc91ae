"""The REST problem for a step that no longer counts."""

from django.utils.translation import gettext_lazy as _

from accounts.users.epochs import BeginAgain
from privacy.rest.errors import answer_with
from privacy.rest.problems import Problem, problem_type

NO_PENDING_STEP = problem_type("no_pending_step", 409, _("Your sign-in has expired. Start again."))

answer_with(BeginAgain, lambda _error: Problem(NO_PENDING_STEP))
