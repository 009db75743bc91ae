"""The time of an answer is extended once, before it is over, and only for a person who was notified of it."""

import datetime as dt
import json

import pytest

from privacy.notices.models import Notice
from privacy.notices.services import send_due_notices
from privacy.rights.answering.extensions import ExtensionRefused, extended_due
from privacy.rights.answering.following import follow_messages
from privacy.rights.choices import Contact, Proof
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.extensions import Extension
from privacy.rights.models.requests import RightsRequest
from privacy.rights.queries import void_extensions
from privacy.rights.services import Asked, Asker, file_request
from tests.privacy.rights.in_admin import extended, filed, officer, page, read
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
TYPED = {"days": "45", "reason": "recipients", "text": "We asked two hosts, and wait for them."}
HOUR = dt.timedelta(hours=1)


def end_notice(extension: Extension, state: str, at: dt.datetime) -> None:
    Notice.objects.filter(pk=extension.notice).update(state=state, ended_at=at, address=None, context=None)


def acts(request: RightsRequest) -> list[str]:
    return list(RequestRecord.objects.filter(request=request.pk).order_by("position").values_list("act", flat=True))


def test_from_the_form_over_the_preview_to_the_message_that_makes_it_count():
    request, client = filed("access", language="zh-hans"), client_of(officer())
    first = request.due_at
    preview = client.post(page(request, "extend"), TYPED).content.decode()
    assert "您的申请需要更多办理时间" in preview
    assert not Extension.objects.exists()
    client.post(page(request, "extend"), TYPED | {"confirmed": "yes"})
    extension = Extension.objects.get()
    assert (extension.due_at, extension.reason) == (extended_due(request, 45), "recipients")
    assert (extension.due_at - first).days in (44, 45)
    request.refresh_from_db()
    assert request.due_at == first
    assert "waiting for its message" in client.get(page(request)).content.decode()
    notice = Notice.objects.get(template="request_extended")
    assert json.loads(str(notice.context))["due_at"] == extension.due_at.isoformat()
    assert "two hosts" not in str(notice.context)
    send_due_notices()
    follow_messages()
    request.refresh_from_db()
    assert (request.due_at, request.first_due_at) == (extension.due_at, first)
    assert "in force" in client.get(page(request)).content.decode()
    details = RequestRecord.objects.get(act="extended").details
    assert (details["reason"], details["first_due_at"]) == ("recipients", first.isoformat())
    follow_messages()
    assert acts(request).count("extended") == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": "46"}, "less than or equal to 45"),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"reason": ""}, "This field is required"),
        ({"text": " "}, "This field is required"),
    ],
)
def test_no_extension_without_its_parts(wrong: dict[str, str], said: str):
    request = filed("access")
    shown = client_of(officer()).post(page(request, "extend"), TYPED | wrong | {"confirmed": "yes"}).content.decode()
    assert said in shown
    assert not Extension.objects.exists()


def test_once_and_before_the_first_due_time_and_not_when_it_is_closed():
    twice, late, closed = filed("access"), filed("access"), filed("access")
    extended(twice)
    past = dt.datetime.now(dt.UTC) - HOUR
    RightsRequest.objects.filter(pk=late.pk).update(first_due_at=past, due_at=past)
    RightsRequest.objects.filter(pk=closed.pk).update(closed_at=past)
    client = client_of(officer())
    for request, said in [(twice, "extended already"), (late, "has passed"), (closed, "is closed")]:
        with pytest.raises(ExtensionRefused, match=said):
            extended(RightsRequest.objects.get(pk=request.pk))
        assert said in client.get(page(request, "extend"), follow=True).content.decode()
        assert "Extend the time" not in client.get(page(request)).content.decode()
    assert Extension.objects.count() == 1


def test_where_the_law_knows_no_extension_there_is_none(settings):
    request = filed("access", country="FR")
    without = settings.COUNTRIES["FR"]
    settings.COUNTRIES = settings.COUNTRIES | {
        "FR": without.__class__(without.age, without.regulator, without.court, _periods(without, 10, 0))
    }
    with pytest.raises(ExtensionRefused, match="no extension"):
        extended(request)


def _periods(facts, days: int, more: int):
    from privacy.jurisdictions.country_facts import AnswerPeriods

    return AnswerPeriods(days, more, "Test act", facts.age.source)


@pytest.mark.parametrize("state", ["failed", "gone"])
def test_one_whose_message_is_given_up_is_void_and_the_request_due_as_before(state: str):
    request = filed("access")
    extension, first = extended(request), request.due_at
    if state == "gone":
        Notice.objects.filter(pk=extension.notice).delete()
    else:
        end_notice(extension, state, dt.datetime.now(dt.UTC))
    follow_messages()
    request.refresh_from_db()
    assert (request.due_at, Extension.objects.get().handed_over_at) == (first, None)
    assert list(void_extensions()) == [extension]
    assert acts(request) == ["received", "extension_void"]
    follow_messages()
    assert acts(request) == ["received", "extension_void"]
    assert "void: the person was not notified" in read(officer(), page(request))
    # It never existed for the person: another one may be made in time.
    assert extended(request).void_at is None


def test_one_that_is_in_force_keeps_no_other_from_being_followed():
    first, second = filed("access"), filed("access")
    for request in (first, second):
        end_notice(extended(request), "sent", dt.datetime.now(dt.UTC))
        follow_messages(batch=1)
        follow_messages(batch=1)
    assert acts(first)[-1] == acts(second)[-1] == "extended"


def test_a_report_that_comes_later_makes_it_void_again():
    request = filed("access")
    extension, first = extended(request), request.due_at
    end_notice(extension, "sent", dt.datetime.now(dt.UTC))
    follow_messages()
    request.refresh_from_db()
    assert request.due_at == extension.due_at
    end_notice(extension, "failed", dt.datetime.now(dt.UTC))
    follow_messages()
    request.refresh_from_db()
    assert request.due_at == first
    assert acts(request) == ["received", "extended", "extension_void"]


def test_a_message_that_still_waits_at_the_first_due_time_is_withdrawn():
    request = filed("access")
    extension = extended(request)
    past = dt.datetime.now(dt.UTC) - HOUR
    RightsRequest.objects.filter(pk=request.pk).update(first_due_at=past, due_at=past)
    follow_messages()
    assert Extension.objects.get().void_at is not None
    assert not Notice.objects.filter(pk=extension.notice).exists()
    assert RequestRecord.objects.get(act="extension_void").details["why"] == "too_late"


def test_after_a_day_without_sweeps_the_time_of_sending_counts():
    in_time, too_late = filed("access"), filed("access")
    past = dt.datetime.now(dt.UTC) - HOUR
    for request, at in [(in_time, past - HOUR), (too_late, past + HOUR / 2)]:
        end_notice(extended(request), "sent", at)
        RightsRequest.objects.filter(pk=request.pk).update(first_due_at=past, due_at=past)
    follow_messages()
    assert acts(in_time)[-1] == "extended"
    assert acts(too_late)[-1] == "extension_void"


def test_a_letter_counts_from_when_it_was_posted():
    asker = Asker("DE", "en", Contact.POST, "Ada Lovelace\n1 Street")
    request = file_request(items=[Asked("access")], asker=asker, channel="letter", proof=Proof.DOCUMENT).request
    extension = extended(request)
    assert extension.notice is None
    follow_messages()
    client = client_of(officer())
    assert "The letter was posted" in client.get(page(request)).content.decode()
    client.post(page(request, "extension-posted"))
    request.refresh_from_db()
    assert request.due_at == extension.due_at
    assert "no letter to post" in client.post(page(request, "extension-posted"), follow=True).content.decode()
    assert acts(request).count("extended") == 1
