"""An answer is handed over once its message was sent or its letter posted; one that is given up raises an alarm."""

import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.operations.alarms import raise_urgent_alarms
from portal.settings import data_files
from privacy.notices.models import Notice
from privacy.notices.services import send_due_notices
from privacy.rights.answering.following import follow_messages
from privacy.rights.choices import Contact, Proof
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestMessage
from privacy.rights.queries import undelivered_answers
from privacy.rights.services import Asked, Asker, file_request
from tests.privacy.rights.in_admin import answered, filed, officer, page, read
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db


def steps() -> list[RequestRecord]:
    return list(RequestRecord.objects.filter(act="answered").order_by("position"))


def test_it_is_evidence_once_its_message_was_sent_and_once_only():
    request = filed("question")
    answered(request)
    follow_messages()
    assert steps() == []
    send_due_notices()
    follow_messages()
    follow_messages()
    [step] = steps()
    assert (step.role, step.details["is_late"]) == ("Support", False)
    assert "Here you are" not in str(step.details)
    assert "handed over" in read(officer(), page(request))


def test_one_that_is_given_up_raises_one_alarm_until_it_was_handed_over_otherwise():
    request = filed("question")
    answer = answered(request)
    Notice.objects.filter(pk=answer.notice).update(
        state="failed", address=None, context=None, ended_at=dt.datetime.now(dt.UTC)
    )
    follow_messages()
    assert steps() == []
    assert list(undelivered_answers()) == [answer]
    line = f"the answer to request {request.reference} was not delivered"
    assert [each for each in raise_urgent_alarms() if "answer" in each] == [line]
    assert [each for each in raise_urgent_alarms() if "answer" in each] == []
    client = client_of(officer())
    assert "Answers that were not delivered" in client.get("/admin/").content.decode()
    client.post(page(request, "answer-posted", answer.pk))
    assert list(undelivered_answers()) == []
    assert [step.role for step in steps()] == ["Privacy officer"]
    said = client.post(page(request, "answer-posted", answer.pk), follow=True).content.decode()
    assert "handed over already" in said
    assert len(steps()) == 1


def test_a_letter_is_handed_over_when_it_was_posted():
    asker = Asker("DE", "en", Contact.POST, "Ada Lovelace\n1 Street")
    request = file_request(items=[Asked("access")], asker=asker, channel="letter", proof=Proof.DOCUMENT).request
    answer = answered(request)
    assert not Notice.objects.exists()
    follow_messages()
    assert steps() == []
    client = client_of(officer())
    assert "Answers to post" in client.get("/admin/").content.decode()
    assert "not posted yet" in client.get(page(request)).content.decode()
    client.post(page(request, "answer-posted", answer.pk))
    assert len(steps()) == 1


def test_an_answer_alone_is_written_previewed_and_sent():
    request, client = filed("access"), client_of(officer())
    address = page(request, "answer")
    assert "We answered your request" in client.post(address, {"text": "Which year?"}).content.decode()
    assert not RequestMessage.objects.exists()
    client.post(address, {"text": "Which year?", "change": "yes"})
    assert not RequestMessage.objects.exists()
    client.post(address, {"text": "Which year?", "confirmed": "yes"})
    assert RequestMessage.objects.get().text == "Which year?"
    assert request.items.get().state == "received"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[a]\ntitle.en = 'A'", "a, must be a table with title, text"),
        ("[a]\ntitle.en = 'A'\ntext.de = 'Ja'", "a.text, must be a table of texts by language"),
        ("[a]\ntitle.en = 'A'\ntext.en = 'B'\nrights = ['all']", "a.rights, must be a list of some of: access"),
        ("[a]\ntitle.en = 'A'\ntext.en = 'B'\noutcomes = ['withdrawn']", "a.outcomes, must be a list"),
        ("[a", "must name a TOML file of templates"),
    ],
)
def test_a_file_of_templates_that_is_wrong_says_what(content: str, said: str, tmp_path, monkeypatch):
    file = tmp_path / "answers.toml"
    file.write_text(content)
    monkeypatch.setenv("ANSWERS_FILE", str(file))
    with pytest.raises(ImproperlyConfigured, match=said):
        data_files.answer_templates("ANSWERS_FILE")


def test_the_operator_may_replace_the_templates(tmp_path, monkeypatch):
    file = tmp_path / "answers.toml"
    file.write_text("[a]\ntitle.en = 'A'\ntext.en = 'B'\nrights = ['access']\n")
    monkeypatch.setenv("ANSWERS_FILE", str(file))
    [template] = data_files.answer_templates("ANSWERS_FILE").values()
    assert template.is_for(right="access", outcome="done")
    assert not template.is_for(right="question", outcome="done")
