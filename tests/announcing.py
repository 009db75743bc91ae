"""Publish a policy, let time pass for its announcement, and see who was written to."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from privacy.announcements.models import Announcement, PostponedMessage
from privacy.announcements.services import announce
from privacy.notices.models import Notice
from privacy.policies.models import PolicyVersion
from privacy.policies.services import import_policy, publish_policy


def draft_of(label: str, *, language: str = "en") -> PolicyVersion:
    """A draft that is not published yet."""
    content = f"# Policy {label}\n\n1.1 We keep promise {label}.\n"
    return import_policy(
        content=content.encode(), file_name="p.md", jurisdiction="intl", label=label, language=language
    )


def publish(label: str, *, language: str = "en", material: bool = True, in_days: int = 0) -> PolicyVersion:
    """A published version, in force at once or in some days."""
    effective = timezone.now() + timedelta(days=in_days) if in_days else None
    return publish_policy(version=draft_of(label, language=language), material=material, effective_at=effective)


def pause(**how_long: float) -> None:
    """Let time pass since the last batch."""
    past = timedelta(**how_long)
    Announcement.objects.update(last_batch_at=F("last_batch_at") - past, paced_until=F("paced_until") - past)
    PostponedMessage.objects.update(look_at=F("look_at") - past, until=F("until") - past)


def announce_all() -> int:
    """Write to as many people as a minute allows."""
    pause(minutes=1)
    return announce()


def written_to() -> list[UUID]:
    """Whom messages about a policy were stored for, each once for each message."""
    return list(Notice.objects.filter(template="policy_changed").values_list("subject_id", flat=True))
