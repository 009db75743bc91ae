"""The form of the gate: agree to the changed policy, and choose the optional purposes again."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.inventory.purposes import Purpose, optional_purposes
from privacy.policies.models import PolicyVersion
from privacy.templatetags.punctuation import bracketed


class GateForm(forms.Form):
    """No box is ticked in advance (GDPR, recital 32); a purpose that is on now says so beside its box."""

    agreed = forms.BooleanField(
        error_messages={"required": _("Tick the box if you agree, or choose one of the other ways below.")}
    )
    purposes = forms.MultipleChoiceField(label=_("Optional uses"), required=False, widget=forms.CheckboxSelectMultiple)
    policy = forms.CharField(required=False)
    language = forms.CharField(required=False)

    def __init__(self, *args: Any, version: PolicyVersion, on_until_now: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = _("I have read version %(label)s and agree to it.") % {"label": version.label}
        self.fields["purposes"].help_text = _(
            "Not needed for your account. Please choose again: anything you leave unticked is turned off."
        )
        self.fields["purposes"].choices = [  # type: ignore[attr-defined]
            (purpose.key, _label(purpose, purpose.key in on_until_now)) for purpose in optional_purposes()
        ]


def _label(purpose: Purpose, is_on: bool) -> str:
    return purpose.in_words + bracketed(gettext("currently on") if is_on else "")
