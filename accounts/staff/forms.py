"""Forms of staff for acts on a person's data."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.contact_points.parsing import clean_phone, phone_help
from accounts.staff.models import SignInReset
from privacy.access.models import AccessRecord
from privacy.consent.queries import clauses_accepted
from privacy.policies.grounds import DeletionGround
from privacy.policies.topics import deletion_topic

GROUNDS = DeletionGround.choices
# A search says by itself why it was made.
REASONS = [choice for choice in AccessRecord.Reason.choices if choice[0] != AccessRecord.Reason.SEARCH]


class FindForm(forms.Form):
    who = forms.CharField(
        label=_("Username, phone number, e-mail address or subject"),
        help_text=_(
            "Enter it exactly as the person writes it; a phone number with its country code. You can't "
            "search for part of it."
        ),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReferenceForm(forms.Form):
    """The reference of the person's request."""

    reference = forms.RegexField(
        r"^[A-Za-z0-9-]{0,40}$",
        label=_("Ticket or letter"),
        help_text=_("The number only: letters, digits and hyphens. The person can see it."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ReasonForm(ReferenceForm):
    """The reason of the access, which the person sees."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *REASONS])
    field_order = ("reason", "reference")


class CancelForm(ReasonForm):
    """Cancel an account on a verified request."""

    ground = forms.ChoiceField(label=_("Ground"), choices=[("", _("Choose")), *GROUNDS])
    identity_verified = forms.BooleanField(
        label=_("I verified the identity of the person who asks, as the policy requires.")
    )

    def __init__(self, *args: Any, subject_id: UUID, **kwargs: Any) -> None:
        """Add to each ground the clause of the policy that the person accepted."""
        super().__init__(*args, **kwargs)
        cited = clauses_accepted(subject_id)
        named = [(ground, _with_clause(str(label), cited.get(deletion_topic(ground), ""))) for ground, label in GROUNDS]
        self.fields["ground"].choices = [("", _("Choose")), *named]  # type: ignore[attr-defined]


class ResetForm(ReferenceForm):
    """Remove lost second factors, or replace a lost phone number, on a verified request."""

    act = forms.ChoiceField(label=_("What was lost"), choices=[("", _("Choose")), *SignInReset.Act.choices])
    phone = forms.CharField(
        label=_("New phone number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "tel"}),
    )
    proof = forms.ChoiceField(
        label=_("How the person proved who they are"),
        choices=[("", _("Choose")), *SignInReset.Proof.choices],
        help_text=_(
            "Ask for no more than you need. Use another contact point of the account before you ask for a document."
        ),
    )
    identity_verified = forms.BooleanField(
        label=_("I verified the identity of the person who asks, as the policy requires.")
    )
    field_order = ("act", "phone", "proof", "reference", "identity_verified")

    def __init__(self, *args: Any, region: str | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.region = region
        self.fields["phone"].help_text = phone_help(region)

    def clean(self) -> dict[str, Any]:
        """Return the values, with the number in E.164 where it is to be replaced."""
        values = super().clean() or self.cleaned_data
        if values.get("act") != SignInReset.Act.PHONE:
            return {**values, "phone": ""}
        try:
            return {**values, "phone": clean_phone(values.get("phone", ""), self.region)}
        except ValidationError as refused:
            self.add_error("phone", refused)
            return values


def _with_clause(label: str, clause: str) -> str:
    return f"{label} ({clause})" if clause else label
