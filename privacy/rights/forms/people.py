"""Forms of people: the four questions of a request, and the code that proves who asks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from privacy.inventory.code_field import CodeField
from privacy.inventory.typed import without_margin
from privacy.jurisdictions.country_names import countries
from privacy.notices.addresses import read_address
from privacy.policies.grounds import DeletionGround
from privacy.rights.asking import Known, channel_of
from privacy.rights.choices import About, Right
from privacy.rights.services import Asked

MOST_TEXT = 5000
MOST_CONTACT = 500
# Without words, staff or the portal would not know what to do.
NEEDS_TEXT = frozenset({Right.CORRECTION, Right.OBJECTION, Right.COMPLAINT, Right.QUESTION, Right.CHILD})
GROUNDS = (
    (DeletionGround.UNLAWFUL, _("You handled my data against the law")),
    (DeletionGround.WITHOUT_CONSENT, _("You collected my data without my consent")),
    (DeletionGround.BREACH, _("You broke your agreement with me")),
    (DeletionGround.UNUSED, _("I no longer use the service")),
    (DeletionGround.ENDED, _("The service is no longer provided")),
)
NO_TEXT = _("Write in a few words what it is about.")
NO_PLACE = _("Write whose account it is, as far as you know, and what it says about you.")
NOT_ATTESTED = _("Confirm that you may act for this person, or choose another answer.")
NO_GROUND = _("Choose why your data must be deleted.")
TOO_MANY_CODES = _("We sent too many codes there. Try again in an hour, or use another address or number.")


class RequestForm(forms.Form):
    """What do you want, whose data is it, how do we reach you, what is it about; what is known is not asked."""

    rights = forms.MultipleChoiceField(
        label=_("What do you want?"),
        help_text=_("Choose one or more."),
        choices=Right.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you want.")},
    )
    ground = forms.ChoiceField(
        label=_("Why must your data be deleted?"), choices=GROUNDS, widget=forms.RadioSelect, required=False
    )
    about = forms.ChoiceField(
        label=_("Is this about you or about somebody else?"),
        choices=About.choices,
        initial=About.SELF,
        required=False,
        widget=forms.RadioSelect,
    )
    attested = forms.BooleanField(
        label=_("I may act for this person: they, their parent or guardian, or a court allowed me to."),
        help_text=_("We store that you said so. A member of our staff deals with the request, and may ask for proof."),
        required=False,
    )
    country = forms.ChoiceField(
        label=_("Country or region"),
        help_text=_("Where you live. It decides which law applies and which company answers."),
        error_messages={"required": _("Choose a country or region.")},
    )
    contact = forms.CharField(
        label=_("E-mail address or mobile number"),
        help_text=_("We send our answer there. Include the country code of a number, like +49 1512 3456789."),
        max_length=MOST_CONTACT,
        widget=forms.TextInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": _("Enter an e-mail address or a mobile number.")},
    )
    text = forms.CharField(
        label=_("In your own words"),
        help_text=_(
            "Needed to correct data, to object, to complain, to report a child and to ask a question; optional for all "
            "else. To report a child, write the child's username, or what else we can find the account by. "
            "Do not send passwords or copies of documents."
        ),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, known: Known | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known or Known()
        self.fields["country"].choices = [("", ""), *countries(get_language() or "en")]  # type: ignore[attr-defined]
        for name in ("contact", "country"):
            # Marked as required, as the fields of a registration are.
            self.fields[name].is_marked = True  # type: ignore[attr-defined]
        if self.known.country:
            del self.fields["country"]
        if self.known.addresses:
            self.fields["contact"] = self._choice_of_addresses()

    @property
    def asked(self) -> list[Asked]:
        """What is asked for; each right has the same words."""
        cleaned = self.cleaned_data
        return [
            Asked(right, cleaned["text"], cleaned["ground"] if right == Right.DELETION else "")
            for right in cleaned["rights"]
        ]

    def clean_text(self) -> str:
        """Return the words without white space and invisible characters around them."""
        return without_margin(str(self.cleaned_data["text"]))

    def clean_about(self) -> str:
        """Return whose data it is: the person's own unless they said otherwise."""
        return str(self.cleaned_data["about"] or About.SELF)

    def clean(self) -> dict[str, Any]:
        """Read the address by its country, and ask for what some rights, and the data of others, need."""
        cleaned = super().clean() or {}
        rights = set(cleaned.get("rights", ()))
        if Right.DELETION in rights and not cleaned.get("ground") and "ground" not in self.errors:
            self.add_error("ground", ValidationError(NO_GROUND, "required"))
        if rights & NEEDS_TEXT and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", ValidationError(NO_TEXT, "required"))
        if cleaned.get("about") == About.OTHER and not cleaned.get("attested"):
            self.add_error("attested", ValidationError(NOT_ATTESTED, "required"))
        if cleaned.get("about") == About.NAMED and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", ValidationError(NO_PLACE, "required"))
        if cleaned.get("contact"):
            self._read_contact(cleaned)
        return cleaned

    def _read_contact(self, cleaned: dict[str, Any]) -> None:
        own = {address.value: address.channel for address in self.known.addresses}
        typed = str(cleaned["contact"])
        cleaned["channel"] = own.get(typed) or channel_of(typed)
        if typed in own:
            return
        try:
            country = self.known.country or cleaned.get("country", "")
            cleaned["contact"] = read_address(channel=cleaned["channel"], text=typed, country=country)
        except ValidationError as error:
            self.add_error("contact", error)

    def _choice_of_addresses(self) -> forms.ChoiceField:
        values = [address.value for address in self.known.addresses]
        return forms.ChoiceField(
            label=_("Where should we send our answer?"),
            choices=[(value, value) for value in values],
            initial=values[0],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose where we send our answer.")},
        )


class PictureForm(forms.Form):
    """The picture of a document that staff asked for."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "JPEG or PNG, 5 MB at most. Cover what we do not need, such as your photo or the document's number."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        error_messages={"required": _("Choose a picture."), "empty": _("Choose a picture.")},
    )


class ProofForm(forms.Form):
    """The six digits of a message."""

    code = CodeField()
