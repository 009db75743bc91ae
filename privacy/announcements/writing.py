"""The messages of announcements: their content, addresses and language."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from privacy.announcements.models import Announcement
from privacy.announcements.queries import replaced_versions
from privacy.consent.queries import language_of, latest_consents
from privacy.evidence.clock import database_now
from privacy.jurisdictions.site import link_to
from privacy.notices.addresses import ContactAddress
from privacy.notices.models import Notice
from privacy.notices.preparing import draft_notice
from privacy.policies.languages import language_to_write_in
from privacy.policies.models import PolicyVersion
from privacy.subjects.models import DataSubject

TEMPLATE = "policy_changed"


def messages_to(
    announcement: Announcement,
    people: Collection[DataSubject],
    addresses: Mapping[UUID, list[ContactAddress]],
    *,
    is_reminder: bool,
) -> Iterator[Notice]:
    """Yield the messages of a round to these people, not stored yet: one for each address."""
    versions = {version.pk: version for version in replaced_versions(announcement.version)}
    accepted = latest_consents([person.pk for person in people])
    now = database_now()
    for person in people:
        for address in _preferred(addresses[person.pk]):
            context = _context(announcement.version, versions.get(accepted[person.pk]), now, is_reminder)
            yield draft_notice(
                subject=person,
                channel=address.channel,
                address=address.value,
                template=TEMPLATE,
                language=_language(person, versions.get(accepted[person.pk])),
                context=context,
            )


def _preferred(addresses: list[ContactAddress]) -> list[ContactAddress]:
    """Return the e-mail addresses if there are any: a text message costs money and holds less."""
    return [address for address in addresses if address.channel == Notice.Channel.EMAIL] or addresses


def _language(person: DataSubject, accepted: PolicyVersion | None) -> str:
    return language_to_write_in(accepted.language) if accepted else language_of(person.pk)


def _context(
    version: PolicyVersion, accepted: PolicyVersion | None, now: datetime, is_reminder: bool
) -> dict[str, str]:
    in_force_from = version.in_force_from or now
    return {
        "jurisdiction": version.jurisdiction,
        "at": in_force_from.isoformat(timespec="minutes"),
        "is_to_come": "yes" if in_force_from > now else "",
        "is_reminder": "yes" if is_reminder else "",
        "url": _what_changes(version, accepted),
    }


def _what_changes(version: PolicyVersion, accepted: PolicyVersion | None) -> str:
    """Return the page that shows what changes for a person; the new text if they agreed meanwhile."""
    if accepted is None:
        return link_to("policy_version", version.jurisdiction, version.label)
    compared = urlencode({"since": accepted.label, "to": version.label})
    return f"{link_to('policy_changes', version.jurisdiction)}?{compared}"
