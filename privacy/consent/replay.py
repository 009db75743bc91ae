"""After a restore: people with lost answers are asked again; no optional purpose is on until then (GDPR art. 7)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from privacy.consent.journal import CONSENTS
from privacy.consent.models import ConsentRecord
from privacy.journal.chains import in_batches
from privacy.journal.restores import BATCH, Restore, lost_lines

Answer = tuple[UUID, UUID, str]


def ask_lost_consents_again(restore: Restore) -> int:
    """Ask each person again whose answer the database lacks, whichever restore lost it; return how many."""
    asked = 0
    for journal in [*CONSENTS.archives(), CONSENTS.journal]:
        for lines in in_batches(journal.verified_lines(), BATCH):
            answers = [(UUID(line["id"]), UUID(line["subject_id"]), line["at"]) for line in lines]
            asked += ask_for_consent_again(answers=answers)
    restore.list_lost(CONSENTS, lost_lines(CONSENTS))
    return asked


@transaction.atomic
def ask_for_consent_again(*, answers: Sequence[Answer]) -> int:
    """Append to the ledger that these persons are asked again, with every switch off; return how many.

    An answer is the number of an act of consent, its person and its time (ISO 8601). An answer counts only if the
    database lacks it and it is younger than the last one that the database holds of the person. Erased persons, and
    persons unknown to this database, are not asked.
    """
    held = set(ConsentRecord.objects.filter(pk__in=[pk for pk, _s, _at in answers]).values_list("pk", flat=True))
    lost = {subject: datetime.fromisoformat(at) for pk, subject, at in answers if pk not in held}
    acts = ConsentRecord.objects.filter(subject__pk__in=list(lost), subject__erased_at__isnull=True)
    newest = {act.subject_id: act for act in acts.select_related("version").order_by("position")}
    asked = [_question(act) for subject, act in newest.items() if act.at < lost[subject]]
    if asked:
        ConsentRecord.append_all(asked)
    return len(asked)


def _question(last: ConsentRecord) -> ConsentRecord:
    return ConsentRecord(
        subject_id=last.subject_id,
        version=last.version,
        digest=last.digest,
        language=last.language,
        purposes=[],
        act=ConsentRecord.Act.ASKED_AGAIN,
        channel=ConsentRecord.Channel.OPERATOR,
        at=timezone.now(),
    )
