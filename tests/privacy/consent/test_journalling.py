"""Each act of consent is copied to the journal as numbers, so that a restore can say what it lost."""

import json

from privacy.journal.services import write_journal
from tests import journal
from tests.factories import agree, make_policy, make_subject


def test_an_act_is_copied_by_its_numbers_and_nothing_else():
    subject = make_subject()
    record = agree(subject, make_policy(), "product_news")
    write_journal()
    [line] = journal.text("consents").splitlines()
    told = json.loads(line)
    assert len(bytes.fromhex(told.pop("mac"))) == 32
    assert told == {
        "position": record.position,
        "id": str(record.pk),
        "subject_id": str(subject.pk),
        "at": record.at.isoformat(),
        "hash": bytes(record.hash).hex(),
    }
