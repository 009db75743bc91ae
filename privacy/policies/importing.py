"""Convert an operator's file to the text that is shown; a long document is read in a separate process."""

from django.utils.translation import override

from privacy.inventory.queries import personal_fields
from privacy.policies.proposing import field_patterns
from privacy.policies.reading import ImportedText, read_in_process
from privacy.policies.reading_apart import read_apart
from privacy.policies.sensitive import DeclaredTerms

_LANGUAGES = ("en", "zh-hans")
# Bytes. Reading a text this short takes milliseconds, whatever it contains.
SHORT = 4096


def read_policy(content: bytes, file_name: str, variant: int | None = None) -> ImportedText:
    """Return the text of a document as it is shown, within `reading_apart.CPU_SECONDS`.

    Raises `UnreadableDocument`, `TooComplex`, `VariantNeeded` and `UnknownVariant`.
    """
    reader = read_in_process if len(content) <= SHORT else read_apart
    return reader(content, file_name, variant, _declared_terms())


def _declared_terms() -> DeclaredTerms:
    """Return the labels of sensitive fields in all languages of the portal."""
    labels = set()
    for language in _LANGUAGES:
        with override(language):
            labels |= {str(declared.label).casefold() for declared in personal_fields() if declared.sensitive}
    return DeclaredTerms(labels, field_patterns())
