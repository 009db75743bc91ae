"""Staff decide items with an answer, which they see first as the person will; two never decide one."""

import datetime as dt
import re

import pytest

from privacy.notices.models import Notice
from privacy.rights.answering.remedies import remedies_of
from privacy.rights.choices import WITHOUT_PROOF, ItemState
from privacy.rights.models.evidence import RequestRecord
from privacy.rights.models.requests import RequestItem, RequestMessage, RightsRequest
from tests.factories import make_person
from tests.privacy.rights.in_admin import filed, officer, page, proven, with_staff
from tests.sign_in_clients import client_of

pytestmark = pytest.mark.django_db
UNTIL = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(days=400)


def typed(**values: object) -> dict[str, object]:
    usual = {"exception": "1.7.11", "legal_basis": "HGB § 257", "kept": ["account"], "text": "We must keep invoices."}
    return {**usual, "kept_until": f"{UNTIL:%Y-%m-%d %H:%M:%S}", **values}


def test_a_refusal_is_previewed_then_stored_with_the_regulator_and_the_court():
    request = proven("deletion", subject=make_person().subject, language="zh-hans", country="CN")
    item, client = with_staff(request), client_of(officer())
    address = page(request, "decide", item.pk, "refused")
    preview = client.post(address, typed(text="我们必须保留发票。")).content.decode()
    assert RequestItem.objects.get().state == ItemState.WITH_STAFF
    assert not RequestMessage.objects.exists()
    # In the person's language, though the member of staff reads English.
    assert "人民法院" in preview
    assert "您的申请已有答复" in preview
    assert f"/requests/{request.reference}/" in preview
    client.post(address, typed(text="我们必须保留发票。", confirmed="yes"))
    decided = RequestItem.objects.get()
    assert (decided.state, decided.exception, decided.legal_basis) == ("refused", "1.7.11", "HGB § 257")
    assert (decided.kept, decided.kept_until, decided.decided_role) == (["account"], UNTIL, "Privacy officer")
    assert (decided.regulator, decided.court) == (remedies_of(request).regulator, "人民法院")
    answer = RequestMessage.objects.get()
    assert (answer.kind, answer.text, answer.language) == ("answer", "我们必须保留发票。", "zh-hans")
    notice = Notice.objects.get(template="request_answered")
    assert (notice.pk, notice.subject) == (answer.notice, request.subject)
    assert "发票" not in str(notice.context)


@pytest.mark.parametrize(
    ("missing", "value", "said"),
    [
        ("exception", "", "This field is required"),
        ("legal_basis", "", "This field is required"),
        ("legal_basis", "because Ada Lovelace owes us", "Do not enter a name"),
        ("kept", [], "This field is required"),
        ("kept_until", "", "This field is required"),
        ("kept_until", "2001-01-01 00:00", "Enter a time in the future"),
        ("kept_until", "9999-12-31 23:59", "Enter a time within the next 100 years"),
        ("text", "", "This field is required"),
        ("text", "We did [what was done].", "[what was done]"),
    ],
)
@pytest.mark.parametrize("confirmed", [{}, {"confirmed": "yes"}])
def test_no_refusal_without_each_of_its_parts(missing, value, said, confirmed):
    request = proven("deletion")
    item = with_staff(request)
    address = page(request, "decide", item.pk, "partly")
    shown = client_of(officer()).post(address, {**typed(**{missing: value}), **confirmed}).content.decode()
    assert said in shown
    assert RequestItem.objects.get().state == ItemState.WITH_STAFF
    assert not RequestMessage.objects.exists()


@pytest.mark.parametrize("right", sorted(WITHOUT_PROOF))
def test_what_is_answered_only_needs_no_exception(right: str):
    request, client = filed(right), client_of(officer())
    item = request.items.get()
    shown = client.get(page(request)).content.decode()
    assert "Answer it" in shown
    assert "Answer: refused" not in shown
    assert "Answer: done in part" not in shown
    refused = client.get(page(request, "decide", item.pk, "refused"), follow=True).content.decode()
    assert "Why it is refused" not in refused
    client.post(page(request, "decide", item.pk, "done"), {"text": "It is not justified.", "confirmed": "yes"})
    assert RequestItem.objects.get().state == ItemState.DONE
    assert "Answered" in client.get(page(request)).content.decode()


def test_a_part_that_is_not_done_is_asked_about_in_its_own_words():
    request = proven("deletion")
    shown = client_of(officer()).get(page(request, "decide", with_staff(request).pk, "partly")).content.decode()
    assert "Why a part is not done" in shown
    assert "Why it is refused" not in shown


def test_the_second_who_decides_an_item_is_told():
    request = proven("objection")
    item = with_staff(request)
    ada, bo = client_of(officer("ada")), client_of(officer("bo"))
    for client in (ada, bo):
        assert "What is kept" in client.get(page(request, "decide", item.pk, "refused")).content.decode()
    ada.post(page(request, "decide", item.pk, "done"), {"text": "Yes, we do.", "confirmed": "yes"})
    told = bo.post(page(request, "decide", item.pk, "refused"), typed(confirmed="yes"), follow=True).content.decode()
    assert "someone else decided it" in told
    assert RequestItem.objects.get().state == ItemState.DONE
    assert RequestMessage.objects.count() == 1
    assert "someone else decided it" in bo.get(page(request, "decide", item.pk, "done"), follow=True).content.decode()


def test_a_template_is_filled_in_before_it_is_sent():
    request = proven("correction", language="zh-hans")
    item, client = with_staff(request), client_of(officer())
    address = page(request, "decide", item.pk, "done")
    form = client.get(f"{address}?template=corrected").content.decode()
    # The form stays in the reader's language.
    assert "Answer:" in form
    assert "The person reads Simplified Chinese." in form
    [text] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)
    assert "我们已更正" in text
    assert "Your complaint" not in form
    assert "[更正内容]" in client.post(address, {"text": text, "confirmed": "yes"}).content.decode()
    assert RequestItem.objects.get().state == ItemState.WITH_STAFF


def test_the_portal_gets_an_item_back_and_a_move_that_the_table_lacks_is_refused():
    request = proven("access")
    item, client = with_staff(request), client_of(officer())
    client.post(page(request, "step", item.pk, "proven"))
    assert RequestItem.objects.get().state == ItemState.PROVEN
    said = client.post(page(request, "step", item.pk, "withdrawn"), follow=True).content.decode()
    assert "cannot be decided like this" in said
    assert client.post(page(request, "step", item.pk, "done")).status_code == 404
    assert client.post(page(request, "step", item.pk, "not_proven")).status_code == 404
    assert RequestItem.objects.get().state == ItemState.PROVEN


def test_nothing_is_handed_out_without_proof():
    request = filed("access")
    item, client = with_staff(request), client_of(officer())
    address = page(request, "decide", item.pk, "done")
    said = client.post(address, {"text": "Here it is.", "confirmed": "yes"}, follow=True).content.decode()
    assert "cannot be decided like this" in said
    assert RequestItem.objects.get().state == ItemState.WITH_STAFF


def test_an_unknown_court_and_regulator_have_the_words_of_the_jurisdiction():
    request = filed("access", country="AQ")
    remedies = remedies_of(request)
    assert remedies.regulator == "The data protection authority of your country or region"
    assert remedies.court == "the competent court in your country or region"
    assert remedies_of(filed("access", country="CN", language="en")).court == "a people's court"


def test_the_last_decision_closes_the_request_and_evidence_says_whether_it_was_late():
    request = filed("question")
    client_of(officer()).post(
        page(request, "decide", request.items.get().pk, "done"), {"text": "Yes.", "confirmed": "yes"}
    )
    late = filed("complaint")
    RightsRequest.objects.filter(pk=late.pk).update(due_at=late.received_at)
    client = client_of(officer("second"))
    address = page(late, "decide", late.items.get().pk, "done")
    assert "recorded as late" in client.get(address).content.decode()
    client.post(address, {"text": "Sorry.", "confirmed": "yes"})
    closed = RequestRecord.objects.filter(act="closed").order_by("position")
    assert [record.details["is_late"] for record in closed] == [False, True]
