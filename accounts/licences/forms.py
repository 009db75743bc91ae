"""The form of an upload: one file, known by the ending of its name."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from privacy.pictures.making import ENDINGS, MOST_BYTES, REASONS

HEIC = (".heic", ".heif")


class LicenceForm(forms.Form):
    """A PDF, or a photo. A phone offers its camera beside its files."""

    file = forms.FileField(
        label=_("Your business licence"),
        help_text=_("A PDF of at most 10 pages, or a JPEG or PNG picture; up to 10 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join([*ENDINGS, "application/pdf", "image/jpeg", "image/png"])}),
        allow_empty_file=True,
    )

    def clean_file(self) -> Any:
        """Refuse what the ending of its name says is no licence, and what is too large."""
        file = self.cleaned_data["file"]
        ending = PurePath(file.name).suffix.lower()
        if ending not in ENDINGS:
            code = "heic" if ending in HEIC else "unknown_type"
            raise ValidationError(REASONS[code], code)
        if file.size > MOST_BYTES:
            raise ValidationError(REASONS["too_large"], "too_large")
        return file
