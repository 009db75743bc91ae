"""In which language a person is written to when it is staff who act: never in that of the member of staff."""

from uuid import UUID

from django.conf import settings

from privacy.consent.queries import latest_consent


def language_of(subject_id: UUID) -> str:
    """Return the language in which the person agreed last, or the default where the portal does not speak it."""
    latest = latest_consent(subject_id)
    spoken = dict(settings.LANGUAGES)
    return latest.language if latest and latest.language in spoken else settings.LANGUAGE_CODE
