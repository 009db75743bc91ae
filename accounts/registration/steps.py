"""The steps of registration on the pages, and what was typed so far.

Nothing is stored before the last step: each page carries what was typed in hidden fields. The password is asked for on
the last page and never carried.
"""

from collections.abc import Collection, Iterator
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import TextChoices
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.users.language_switch import is_switching_language
from privacy.guardians.forms import BIRTH_FIELDS
from privacy.inventory.declarations import Kind
from privacy.inventory.queries import fields_for

SECRETS = ("password",)
# The name of the buttons that lead to a step, and of the hidden field that says which step a page shows.
WANTED, SHOWN = "step", "at"
# The text that was shown; the page of the policy names it.
TEXT = ("policy", "language")
# The number of a child whose guardian agreed, and registers together with them.
CHILD = "child"


class RegistrationStep(TextChoices):
    """A page of registration, in order."""

    COUNTRY = "country", _("Country and account type")
    YOU = "you", _("About you")
    POLICY = "policy", _("Privacy policy")
    CHECK = "check", _("Check and agree")

    @property
    def number(self) -> int:
        """The place of the step, from 1."""
        return list(RegistrationStep).index(self) + 1


_AT: dict[str, RegistrationStep] = {
    **dict.fromkeys(("kind", "country", *BIRTH_FIELDS), RegistrationStep.COUNTRY),
    **dict.fromkeys(TEXT, RegistrationStep.POLICY),
    **dict.fromkeys(
        ("submission", "password", "purposes", "agreed", "child_agrees", "attested"), RegistrationStep.CHECK
    ),
}


def step_of(name: str) -> RegistrationStep:
    """Return the step that asks for a field: fields about the person are the rule."""
    return _AT.get(name, RegistrationStep.YOU)


def wanted_step(request: HttpRequest) -> RegistrationStep | None:
    """Return the step that a sent page leads to; None where it is the whole form. A language switch stays.

    A form that names a step registers no one, also where there is no such step: it needs no proof of work.
    """
    is_switching = is_switching_language(request)
    if not is_switching and WANTED not in request.POST:
        return None
    wanted = request.POST.get(SHOWN if is_switching else WANTED, "")
    return RegistrationStep(wanted) if wanted in RegistrationStep.values else RegistrationStep.YOU


def typed_values(data: QueryDict) -> dict[str, object]:
    """Return what was typed, without secrets and the agreement, as initial values of a form."""
    typed: dict[str, object] = {key: data[key] for key in _kept() if key in data}
    if data:
        typed["purposes"] = data.getlist("purposes")
    return typed


def carried(data: QueryDict, asked: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the names and values that a page carries in hidden fields: all that it does not ask for itself."""
    for key in (*_kept(), *BIRTH_FIELDS, CHILD, "purposes", *TEXT):
        if key not in asked:
            yield from ((key, str(value)) for value in data.getlist(key))
    yield "submission", _submission(data)


def step_context(step: RegistrationStep, typed: QueryDict, asked: Collection[str]) -> dict[str, object]:
    """Return the context that the page of every step needs; `asked` are the names of its own fields."""
    return {
        "step": step,
        "steps": RegistrationStep.labels,
        "carried": list(carried(typed, asked)),
        "has_other_sites": bool(settings.JURISDICTION_URLS),
    }


def _kept() -> list[str]:
    """Return the fields about the person, of both kinds, so that another kind and back loses nothing."""
    keys = dict.fromkeys(declared.key for kind in Kind for declared in fields_for(kind))
    return [*(key for key in keys if key not in SECRETS), "registration_number_confirmed"]


def _submission(data: QueryDict) -> str:
    """Return the number of this form: the first page gives it, and sending it twice makes one account."""
    try:
        return str(UUID(data.get("submission", "")))
    except ValueError:
        return str(uuid4())
