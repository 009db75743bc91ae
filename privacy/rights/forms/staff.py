"""The forms with which staff decide, answer and note."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.evidence.clock import database_now
from privacy.holds.forms import checked_legal_basis
from privacy.holds.legal_basis import LONGEST
from privacy.inventory.retention_classes import RETENTION
from privacy.policies.grounds import RetentionGround
from privacy.rights.answering.answers import gap_in
from privacy.rights.answering.decisions import Reasons
from privacy.rights.choices import ExtensionReason
from privacy.rights.proof.documents import DocumentKind
from privacy.rights.staff.importing import MOST_BYTES
from privacy.subjects.models import DataSubject

MOST_WORDS = 20_000
# Longer than laws have data kept; “for ever” is no end that a person can be told.
LONGEST_KEPT = dt.timedelta(days=100 * 366)


def _kept_choices() -> list[tuple[str, Any]]:
    return [(name.value, retention.label) for name, retention in RETENTION.items()]


class NoteForm(forms.Form):
    """A note for other staff."""

    text = forms.CharField(
        label=_("Note"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person never sees it. A note for staff can be demanded by an authority: write facts only."),
    )


class AnswerForm(forms.Form):
    """An answer to the person, in their language."""

    text = forms.CharField(
        label=_("Answer"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("In the person's language. Replace each part in square brackets."),
    )

    def clean_text(self) -> str:
        """Refuse a text that still has a gap of its template."""
        text: str = self.cleaned_data["text"]
        if gap := gap_in(text):
            raise forms.ValidationError(gettext("Fill in “%(gap)s” first.") % {"gap": gap}, "gap")
        return text


class RefusalForm(AnswerForm):
    """An answer that refuses something, with the reasons that the law demands."""

    exception = forms.ChoiceField(label=_("Why it is refused"), choices=[("", _("Choose")), *RetentionGround.choices])
    legal_basis = forms.CharField(
        max_length=LONGEST,
        label=_("Legal basis"),
        help_text=_("A law and its article, or an authority's order and its number, such as GDPR art. 17(3)(e)."),
    )
    kept = forms.MultipleChoiceField(
        label=_("What is kept"), choices=_kept_choices, widget=forms.CheckboxSelectMultiple
    )
    kept_until = forms.DateTimeField(help_text=_("For example 2027-01-31 00:00."))
    field_order = ("exception", "legal_basis", "kept", "kept_until", "text")

    def __init__(self, *args: Any, **options: Any) -> None:
        """Name the time zone in which the end is read."""
        super().__init__(*args, **options)
        zone = timezone.get_current_timezone_name()
        self.fields["kept_until"].label = gettext("Kept until (%(zone)s)") % {"zone": zone}

    def clean_legal_basis(self) -> str:
        """Refuse what a legal hold would refuse."""
        return checked_legal_basis(self.cleaned_data["legal_basis"])

    def clean_kept_until(self) -> dt.datetime:
        """Refuse an end that has passed, and one that is none."""
        until: dt.datetime = self.cleaned_data["kept_until"]
        now = database_now()
        if until <= now:
            raise forms.ValidationError(gettext("Enter a time in the future."), "past")
        if until > now + LONGEST_KEPT:
            raise forms.ValidationError(gettext("Enter a time within the next 100 years."), "far")
        return until

    def reasons(self) -> Reasons:
        """Return the reasons of a valid form."""
        given = self.cleaned_data
        return Reasons(
            exception=given["exception"],
            legal_basis=given["legal_basis"],
            kept=given["kept"],
            kept_until=given["kept_until"],
        )


class PartForm(RefusalForm):
    """An answer that does a part, and says why the rest is not done."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Ask about the part that is not done."""
        super().__init__(*args, **options)
        self.fields["exception"].label = gettext("Why a part is not done")


class ExtensionForm(forms.Form):
    """By how many days an answer comes later, and why."""

    days = forms.IntegerField(min_value=1)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose")), *ExtensionReason.choices])
    text = forms.CharField(
        label=_("Explanation"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In the person's language. They read it on their page, after they confirm who they are."),
    )

    def __init__(self, *args: Any, most: int, **options: Any) -> None:
        """Offer as many days as the country of the person allows."""
        super().__init__(*args, **options)
        self.fields["days"] = forms.IntegerField(
            label=gettext("Days (%(most)s at most)") % {"most": most}, min_value=1, max_value=most, initial=most
        )


class ImportForm(forms.Form):
    """A file of requests; after the preview its text, so that nothing is stored in between."""

    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput, max_length=MOST_BYTES)

    def clean(self) -> dict[str, Any]:
        """Read the file as text."""
        given = super().clean() or {}
        if uploaded := given.get("file"):
            given["text"] = _text_of(uploaded)
        if not given.get("text") and not self.errors:
            raise forms.ValidationError(gettext("Choose a file."), "required")
        return given


def _text_of(uploaded: Any) -> str:
    if uploaded.size > MOST_BYTES:
        raise forms.ValidationError(gettext("The file is too large. Split it."), "large")
    try:
        text: str = uploaded.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise forms.ValidationError(
            gettext("Save the file as CSV in UTF-8, and choose it again."), "encoding"
        ) from None
    return text


class IdentityForm(forms.Form):
    """A member of staff looked at a document; whose account it is, where the person has one.

    It is not asked of a request whose person is known: they signed in as they filed it.
    """

    document = forms.ChoiceField(label=_("Identity document"), choices=[("", _("Choose")), *DocumentKind.choices])
    subject = forms.UUIDField(
        label=_("Person"),
        required=False,
        help_text=_("The number on the person's page, if they have an account. Do not enter a name."),
    )
    looked = forms.BooleanField(
        label=_("I looked at a document that proves who asks. No simpler proof was possible, and no copy is kept.")
    )

    def __init__(self, *args: Any, known: DataSubject | None = None, **options: Any) -> None:
        """Leave out the number of a person who is known."""
        super().__init__(*args, **options)
        self.known = known
        if known is not None:
            del self.fields["subject"]

    @property
    def person(self) -> DataSubject | None:
        """Return the person of a valid form, or None without an account."""
        return self.known or self.cleaned_data["subject"]

    def clean_subject(self) -> DataSubject | None:
        """Return the person of the number, or None without one."""
        number = self.cleaned_data["subject"]
        found = DataSubject.objects.filter(pk=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(gettext("No person has this number."), "unknown")
        return found
