"""Two sweeps or two members of staff at the same moment: each thing happens once, and the second is told."""

import datetime as dt
from uuid import uuid4

import pytest

from privacy.notices.models import Notice
from privacy.rights.answering.answers import send_answer
from privacy.rights.answering.decisions import decide
from privacy.rights.answering.extensions import extend
from privacy.rights.answering.following import follow_messages
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestMessage
from privacy.rights.staff.assigning import assign
from tests.parallel import in_parallel
from tests.privacy.rights.in_admin import filed, officer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True, databases="__all__")]
THREADS = 4


def test_one_of_several_decides_an_item_and_one_answer_is_sent():
    request = filed("question")
    item = request.items.get()
    decided = in_parallel(
        THREADS, lambda number: decide(item=item, outcome="done", text=f"Answer {number}.", by=uuid4(), role="Support")
    )
    assert sorted(decided) == ["MoveRefused"] * (THREADS - 1) + ["done"]
    assert RequestMessage.objects.count() == 1
    assert Notice.objects.filter(template="request_answered").count() == 1
    assert RequestRecord.objects.filter(act="decided").count() == 1


def test_one_of_several_extends_the_time():
    request = filed("question")
    extended = in_parallel(
        THREADS,
        lambda _number: extend(request=request, days=5, reason="many", text="Many.", by=uuid4(), role="Support"),
    )
    assert sorted(extended) == sorted(["ExtensionRefused"] * (THREADS - 1) + ["done"])
    assert Notice.objects.filter(template="request_extended").count() == 1


def test_sweeps_at_once_note_each_message_once():
    request = filed("question")
    send_answer(request=request, text="Yes.", by=uuid4(), role="Support")
    extend(request=request, days=5, reason="many", text="Many.", by=uuid4(), role="Support")
    Notice.objects.update(state="sent", address=None, context=None, ended_at=dt.datetime.now(dt.UTC))
    assert in_parallel(THREADS, lambda _number: follow_messages()) == ["done"] * THREADS
    acts = RequestRecord.objects.filter(act__in=["answered", "extended"]).values_list("act", flat=True)
    assert sorted(acts) == ["answered", "extended"]


def test_one_of_several_takes_a_request():
    request, members = filed("question"), [officer(f"officer{number}").pk for number in range(THREADS)]
    taken = in_parallel(THREADS, lambda number: assign(request=request, to=members[number], seen=None))
    assert sorted(taken) == sorted(["NotAssigned"] * (THREADS - 1) + ["done"])
    request.refresh_from_db()
    assert request.assigned_to == members[taken.index("done")]
