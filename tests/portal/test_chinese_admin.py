"""The admin is Chinese for those who read Chinese: every page of every role is read, and no English word is left."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.staff.models import SignInReset, StaffProposal
from accounts.users.models import User
from privacy.erasure.models import ErasureCase
from privacy.holds.legal_basis import ACTS
from privacy.holds.models import LegalHold
from privacy.operations.roles import ROLES
from privacy.policies.citations import state_of_draft
from privacy.policies.models import PolicyVersion
from privacy.recipients.models import Delivery, Recipient
from privacy.rights.choices import About, Right
from privacy.rights.forms.filing import BY_STAFF
from privacy.rights.staff.importing import COLUMNS
from tests.environment import some
from tests.factories import make_staff
from tests.filled_portal import fill_portal
from tests.sign_in_clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
CHINESE = {"Accept-Language": "zh-Hans"}
SHOWN_ATTRIBUTES = ("alt", "title", "placeholder", "aria-label")
# Names and terms that are the same in Chinese text, and what is typed at a shell or in a law as it stands.
SAME = set(
    "UTC UUID CSV UTF HTTPS HTML Vue Markdown webhook manage py create staff renew cn intl zh hans en DE".split()  # noqa: SIM905
)


# What people, operators and authorities wrote, and the names of errors.
DATA = [
    *("Maria Petrović", "yihao", "erhao", "sanhao", "xiaoren", "zhengce.md", "policy.md", "ceshi"),
    *("https://ceshi.example/", "https://devices.example/hooks/privacy", "erase_rows: OperationalError"),
    *("GDPR art. 17(3)(e)", "Law 87/2018 art. 3", "Order 12/2026", "Court order 12 K 345/2026"),
    *("state=asked", "We keep promises.", "You can cancel.", "Policy"),
    # Columns and values of a file of requests.
    *COLUMNS,
    *Right.values,
    *About.values,
    *(channel.value for channel in BY_STAFF),
    "Die Bundesbeauftragte für den Datenschutz und die Informationsfreiheit",
]
# Time zones have no other names than IANA's.
ZONE = r"[A-Z]\w+/[\w/ +-]+"


class ShownText(HTMLParser):
    """The visible texts of a page, and those for screen readers."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inside.append(tag)
        if tag in ("input", "br", "img", "meta", "link", "hr", "rect", "line", "path"):
            self.inside.pop()
        names = [*SHOWN_ATTRIBUTES, *(["value"] if given.get("type") in ("submit", "button") else [])]
        self.texts += [given[name] or "" for name in names if name in given]

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.inside) and data.strip():
            self.texts.append(data.strip())


def english_in(page: str, data: list[str]) -> set[str]:
    """The English words of a page that are no data."""
    shown = ShownText()
    shown.feed(page)
    found = set()
    for text in shown.texts:
        rest = re.sub(ZONE, " ", re.sub(r"person\d+", " ", text))
        for known in sorted(data, key=len, reverse=True):
            rest = rest.replace(known, " ")
        rest = re.sub(
            r"[0-9a-f]{8}-[0-9a-f-]{27}|https?://\S*|[0-9A-Z]{5}(-[0-9A-Z]{5}){3}|[0-9a-f]{40,}|\b[A-Z2-7]{32}\b",
            " ",
            rest,
        )
        if set(re.findall(r"[A-Za-z]{2,}", rest)) - SAME:
            found.add(text)
    return found


@pytest.fixture
def data() -> list[str]:
    """A portal in which everything happened that the admin shows; what in it is data."""
    fill_portal(language="zh-hans")
    return [*DATA, ", ".join(ACTS)]


def pages_of(client: Client) -> Iterator[tuple[str, str]]:
    """Every page of the admin that links lead to, from the first one."""
    waiting, seen = ["/admin/"], set()
    while waiting:
        path = waiting.pop(0)
        # One page of each kind of question: one filter of a name answers as the others of it do.
        kind = (path.partition("?")[0], *sorted(re.findall(r"[?&](\w+)=", path)))
        if kind in seen or len(kind) > 2:
            continue
        seen.add(kind)
        answer = client.get(path, headers=CHINESE)
        if "text/html" not in answer.get("Content-Type", "") or answer.status_code != 200:
            continue
        page = answer.content.decode()
        yield path, page
        here = path.partition("?")[0]
        links = (link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', page))
        whole = (f"{here}{link}" if link.startswith("?") else link for link in links)
        is_other = re.compile(r"/admin/(?!logout/)(?!.*_changelist_filters)")
        waiting += [link for link in whole if is_other.match(link)]


@pytest.mark.parametrize("role", ["", *some(*ROLES)])
def test_no_page_of_a_role_has_an_english_word(data: list[str], role: str):
    client = client_of(make_staff(*([role] if role else []), username="xiaoren"))
    pages = dict(pages_of(client))
    found = {path: sorted(english) for path, page in pages.items() if (english := english_in(page, data))}
    assert "\n".join(map(str, found.items())) == ""
    assert len(pages) > 1


Acts = Iterator[tuple[str, dict[str, object]]]
VERIFIED = {"proof": "contact", "identity_verified": "on"}


def acts_on_a_person() -> Acts:
    """The forms of a person's page, wrong or empty first."""
    person = User.objects.get(subject=SignInReset.objects.get().subject)
    at, why = f"/admin/accounts/user/{person.pk}", {"reason": "request"}
    yield from (("/admin/accounts/user/", {"who": who}) for who in ("nobody", ""))
    for act in ("open", "correct", "cancel", "end-sessions", "propose-reset"):
        yield from ((f"{at}/{act}/", form) for form in ({}, why))
    yield f"{at}/correct/", why | {"name": "张三", "username": "x", "country": "CN"}
    yield f"{at}/correct/", why | {"name": "张三", "country": "RS"}
    yield f"{at}/propose-reset/", VERIFIED | {"act": "phone", "phone": "12"}
    for act in ("phone", "factors"):
        yield f"{at}/propose-reset/", VERIFIED | {"act": act, "phone": "+4915123450009"}
    for act in ("confirm", "refuse", "refuse"):
        yield f"/admin/accounts/user/{SignInReset.objects.get().pk}/{act}-reset/", {}
    for _twice in range(2):
        yield f"{at}/cancel/", why | {"ground": "7", "identity_verified": "on"}


def acts_on_holds_and_erasures() -> Acts:
    """The forms of holds and failing erasures."""
    yield "/admin/privacy/legalhold/add/", {}
    yield "/admin/privacy/legalhold/add/", {"subject": "x", "legal_basis": "张三", "until": "2020-01-01"}
    for hold in LegalHold.objects.filter(state="asked"):
        for act in ("release", "approve", "approve", "ask-release", "ask-release", "release", "keep", "refuse"):
            yield f"/admin/privacy/legalhold/{hold.pk}/{act}/", {}
    case = ErasureCase.objects.get(attempts=2)
    for _twice in range(2):
        yield f"/admin/privacy/erasurecase/{case.pk}/try-again/", {}


def acts_on_recipients() -> Acts:
    """The forms of recipients and of their messages."""
    at = f"/admin/privacy/recipient/{Recipient.objects.get().pk}"
    yield "/admin/privacy/recipient/add/", {}
    yield "/admin/privacy/recipient/add/", {"name": "ceshi", "url": "http://ceshi.example/", "classes": ["account"]}
    yield f"{at}/change/", {"name": "", "url": ""}
    yield f"{at}/change/", {"name": "ceshi", "url": "https://ceshi.example/", "classes": ["account"]}
    yield from ((f"{at}/act/{act}/", {}) for act in ("rotate", "retire", "notify-again"))
    failed = Delivery.objects.filter(state="failed").values_list("pk", flat=True)[:2]
    for delivery, action in zip(list(failed), ("try_again_action", "settle_action"), strict=True):
        chosen = {"action": action, "_selected_action": str(delivery)}
        yield from (("/admin/privacy/delivery/", chosen | more) for more in ({"index": "0"}, {"confirmed": "yes"}))
    yield "/admin/privacy/delivery/", {"action": "", "index": "0"}


def acts_on_policies_and_staff() -> Acts:
    """The forms of policies and of staff accounts."""
    draft = PolicyVersion.objects.get(label="三")
    at = f"/admin/privacy/policyversion/{draft.pk}"
    yield "/admin/privacy/policyversion/add/", {}
    yield from ((f"{at}/propose/", form) for form in ({}, {"change": "material"}))
    yield f"{at}/propose/", {"change": "material", "shown": state_of_draft(draft)}
    yield f"{at}/clauses/", {}
    proposal = StaffProposal.objects.get(confirmed_at=None)
    for act in ("propose", "propose", "vouch"):
        yield f"/admin/accounts/staffproposal/{proposal.member_id}/{act}/", {"act": "end_factors"}
    for act in ("confirm", "confirm", "withdraw"):
        yield f"/admin/accounts/staffproposal/{proposal.pk}/{act}/", {}


def test_no_answer_to_a_form_and_no_history_has_an_english_word(data: list[str]):
    client, found = client_of(make_staff(username="xiaoren")), {}
    acts = (acts_on_a_person, acts_on_holds_and_erasures, acts_on_recipients, acts_on_policies_and_staff)
    for path, form in (one for kind in acts for one in kind()):
        answer = client.post(path, form, headers=CHINESE, follow=True)
        assert answer.status_code < 500, (path, form)
        page = re.sub(r"whsec_\S+?<", "<", answer.content.decode())
        if english := english_in(page, data):
            found[path, str(form)] = sorted(english)
    for entry in LogEntry.objects.exclude(object_id=None):
        path = f"/admin/{entry.content_type.app_label}/{entry.content_type.model}/{entry.object_id}/history/"
        answer = client.get(path, headers=CHINESE)
        if answer.status_code == 200 and (english := english_in(answer.content.decode(), data)):
            found[path, ""] = sorted(english)
    assert "\n".join(map(str, found.items())) == ""
