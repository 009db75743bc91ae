"""Each act of consent is copied to a file outside the databases, by numbers, so that a restore can say what it lost."""

import json

from privacy.journal.services import journal_folder, write_journal
from tests.factories import agree, make_policy, make_subject


def test_an_act_is_copied_by_its_numbers_and_nothing_else():
    subject = make_subject()
    record = agree(subject, make_policy(), "product_news")
    write_journal()
    [line] = (journal_folder() / "consents.jsonl").read_text().splitlines()
    assert json.loads(line) == {
        "position": record.position,
        "id": str(record.pk),
        "subject_id": str(subject.pk),
        "at": record.at.isoformat(),
        "hash": bytes(record.hash).hex(),
    }
