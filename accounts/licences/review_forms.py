"""The form by which a reviewer decides: each detail confirmed or marked wrong, then one of three outcomes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.licences.facts import TypedFact
from accounts.licences.states import CHOSEN_BY_STAFF, LicenceField, ReturnCode
from accounts.profiles.terms import TermField

APPROVE, RETURN, REFUSE = "approve", "return", "refuse"
RIGHT, WRONG = "right", "wrong"
LONGEST_WORDS = 1000


class ReviewForm(forms.Form):
    """The decision about one licence. `act` comes from the button."""

    act = forms.ChoiceField(choices=[(name, name) for name in (APPROVE, RETURN, REFUSE)], widget=forms.HiddenInput)
    term = TermField(label=_("End of the business period on the licence"), required=False)
    code = forms.ChoiceField(label=_("What is wrong"), choices=[("", _("Choose")), *CHOSEN_BY_STAFF], required=False)
    field = forms.ChoiceField(
        label=_("With which detail"), choices=[("", _("None")), *LicenceField.choices], required=False
    )
    words = forms.CharField(
        label=_("What you write to the person"),
        help_text=_("They read it on the page of the licence. Write in their language, and name no other person."),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def __init__(self, *args: Any, facts: Sequence[TypedFact], today: dt.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.facts, self.today = facts, today
        for fact in facts:
            self.fields[_name(fact)] = forms.ChoiceField(
                label=fact.field.label,
                choices=[(RIGHT, _("as on the licence")), (WRONG, _("not as on the licence"))],
                widget=forms.RadioSelect,
                required=False,
            )

    def compared(self) -> list[tuple[TypedFact, forms.BoundField]]:
        """Return each detail with its field."""
        return [(fact, self[_name(fact)]) for fact in self.facts]

    def outcome_fields(self) -> list[forms.BoundField]:
        """Return the other fields, in their order."""
        return [self[name] for name in ("term", "code", "field", "words")]

    def clean(self) -> dict[str, Any]:
        """Require what each outcome needs."""
        values = super().clean() or self.cleaned_data
        match values.get("act"):
            case "approve":
                self._require_for_approval(values)
            case "return":
                self._require("code", values, _("Choose what is wrong."))
                if values.get("code") == ReturnCode.DIFFERS:
                    self._require("field", values, _("Choose the detail that is not as on the licence."))
                if values.get("code") == ReturnCode.OTHER:
                    self._require("words", values, _("Write what the problem is."))
            case "refuse":
                self._require("words", values, _("Write why you refuse it."))
        return values

    def _require_for_approval(self, values: dict[str, Any]) -> None:
        for fact in self.facts:
            if values.get(_name(fact)) != RIGHT:
                self.add_error(_name(fact), _("To approve it, confirm each detail. If one is wrong, return it."))
        if "term" not in self.errors:
            self._require("term", values, _("Enter the date on the licence, or choose “No fixed term”."))
        term = values.get("term")
        if isinstance(term, dt.date) and term < self.today:
            self.add_error("term", _("This business period is over. Return the licence."))

    def _require(self, name: str, values: dict[str, Any], said: Any) -> None:
        if not values.get(name) and name not in self.errors:
            self.add_error(name, said)


def _name(fact: TypedFact) -> str:
    return f"fact_{fact.field}"
