"""Forms for staff: a document to import, and how to publish it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from privacy.jurisdictions.jurisdictions import all_jurisdictions
from privacy.policies.citations import (
    DraftChanged,
    UnknownClause,
    citations_to_check,
    clauses_named,
    refuse_if_changed,
    state_of_draft,
)
from privacy.policies.documents import EXTENSIONS, LARGEST
from privacy.policies.models import Clause, PolicyVersion
from privacy.policies.services import default_effective_at
from privacy.policies.topics import Topic, all_topics

MATERIAL, EDITORIAL = "material", "editorial"
# The hidden input with the state of the draft on the page.
STATE = "shown"


class ImportForm(forms.Form):
    """A document and its jurisdiction, language and label."""

    document = forms.FileField(
        label=_("Document"),
        help_text=_("HTML, Markdown or a Vue template, in UTF-8. Nothing is published yet."),
        validators=[FileExtensionValidator(EXTENSIONS)],
    )
    jurisdiction = forms.ChoiceField(label=_("Jurisdiction"))
    label = forms.CharField(
        label=_("Version"), max_length=32, help_text=_("Your label for this version, such as 2022-07.")
    )
    language = forms.CharField(label=_("Language"), max_length=16, help_text=_("A code such as en or zh-hans."))
    any_language = forms.BooleanField(
        label=_("Import even though the portal has no pages in this language"),
        required=False,
        help_text=_("If this is the newest version in force, every reader sees it, whatever their language."),
    )
    variant = forms.IntegerField(
        label=_("Variant"),
        min_value=1,
        required=False,
        help_text=_("Only for a document that contains several variants."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, str(declared.name)) for code, declared in all_jurisdictions().items()]
        self.fields["jurisdiction"].choices = choices  # type: ignore[attr-defined]

    def clean_document(self) -> Any:
        """Refuse a file that is too large for a policy before it is read."""
        document = self.cleaned_data["document"]
        if document.size > LARGEST:
            raise forms.ValidationError(_("The file is too large for a policy."))
        return document


class CitationsForm(forms.Form):
    """For each topic the clauses that state it, or empty. `state` is the `state_of_draft` of its page."""

    def __init__(self, *args: Any, version: PolicyVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.state = version, state_of_draft(version)
        stated = citations_to_check(version)
        for topic in all_topics():
            clauses = stated.get(topic.key, [])
            said = " … ".join(Truncator(clause.text).chars(160) for clause in clauses)
            self.fields[topic.key] = _ClausesField(version, topic, initial=_named(clauses), help_text=said)

    def clean(self) -> dict[str, Any]:
        """Refuse values that were typed for another text than the present one."""
        try:
            refuse_if_changed(self.version, str(self.data.get(STATE, "")))
        except DraftChanged as changed:
            raise forms.ValidationError(str(changed), "changed") from None
        return self.cleaned_data

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under the headings of their groups."""
        grouped: dict[str, list[forms.BoundField]] = {}
        for topic in all_topics():
            grouped.setdefault(str(topic.group.label), []).append(self[topic.key])
        return list(grouped.items())


class _ClausesField(forms.CharField):
    """Numbers or headings of clauses, separated by commas."""

    def __init__(self, version: PolicyVersion, topic: Topic, **options: Any) -> None:
        super().__init__(label=topic.label, required=False, max_length=400, **options)
        self.version = version

    def clean(self, value: Any) -> str:
        """Refuse a clause that the text does not have."""
        names = str(super().clean(value))
        try:
            clauses_named(self.version, names)
        except UnknownClause:
            raise forms.ValidationError(
                _(
                    "The text has no such clause. Enter clause numbers as in the text, such as 2.2.1, "
                    "separated by commas."
                ),
                "unknown",
            ) from None
        return names


def _named(clauses: Iterable[Clause]) -> str:
    return ", ".join(clause.cited_as for clause in clauses)


class PublishForm(forms.Form):
    """Whether the change is material, and from when the version is in force."""

    change = forms.ChoiceField(
        label=_("This change is"),
        choices=[
            ("", _("Choose")),
            (MATERIAL, _("material: everyone is asked to agree again")),
            (EDITORIAL, _("editorial: no one needs to agree again")),
        ],
    )
    effective_at = forms.DateTimeField(
        required=False,
        help_text=_("For example 2026-08-01 00:00. Leave it empty to take effect at once."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """Name the time zone in which the time is read."""
        super().__init__(*args, **options)
        zone = timezone.get_current_timezone_name()
        self.fields["effective_at"].label = gettext("Effective (%(zone)s)") % {"zone": zone}

    @classmethod
    def for_version(cls, version: PolicyVersion, typed: Mapping[str, str]) -> "PublishForm":
        """Return the form with the values typed before, else with the date in the text, if it is in the future."""
        stated = default_effective_at(version)
        ahead = stated if stated and stated > timezone.now() else None
        return cls(initial={"effective_at": ahead} | {name: typed[name] for name in cls.base_fields if name in typed})
