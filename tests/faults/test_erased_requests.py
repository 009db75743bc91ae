"""Nothing of a request is found after its erasure: not its words, not its address, not what staff answered."""

from tests.faults.worlds import World
from tests.traces import files_below, postgres_dump, traces

WORDS, NOTE = "Bitte nennen Sie mir die Empfaenger meiner Daten", "Herr Querfurt rief dreimal an"
ADDRESS = "querfurt.zwei@example.org"
LIVED = f"""
from uuid import uuid4
from django.conf import settings
from privacy.erasure.erasing import erase_due_accounts
from privacy.restriction.services import restrict_processing
from privacy.rights.carrying_out.due import carry_out_due
from privacy.rights.models.requests import RequestMessage, RightsRequest
from privacy.rights.services import Asker
from tests.factories import make_person, pass_time
from tests.privacy.rights.filing import proven

person = make_person()
asker = Asker("DE", "en", "email", {ADDRESS!r})
request = proven(person, "access", "deletion", "objection", "restriction", "correction", text={WORDS!r}, asker=asker)
carry_out_due()
RequestMessage.objects.create(
    request=request, kind="note", language="en", text={NOTE!r}, written_by=uuid4(), role="Support",
    at=request.received_at,
)
case = ErasureCase.objects.get()
pass_time(case, settings.COOLING_OFF)
erase_due_accounts()
answer([RightsRequest.objects.count(), usable_keys(str(request.pk)), Notice.objects.filter(state="queued").count()])
"""


def test_no_database_and_no_file_has_a_word_of_it(portal: World):
    requests, keys, _waiting = portal.run(LIVED)
    assert (requests, keys) == (0, 0)
    values = [WORDS, NOTE, ADDRESS]
    # Of an embedded portal, the databases are among the files.
    urls = [portal.environment[name] for name in ("DATABASE_URL", "KEYS_DATABASE_URL") if name in portal.environment]
    assert [traces(postgres_dump(url), values) for url in urls] == [[] for _url in urls]
    assert traces(files_below(portal.folder), values) == []
