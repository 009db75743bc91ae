"""Renders a template and a context in the person's language."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine, TemplateDoesNotExist
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from privacy.branding.brand import own_name, schemes, service_name
from privacy.jurisdictions.jurisdictions import get_jurisdiction
from privacy.jurisdictions.site import link_to

FOLDER = "privacy/notices"
# Chinese has no space after its punctuation; the templates have one between two sentences.
_FULL_WIDTH = re.compile(r"(?<=[。，：；！？、）]) +")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*")
_LINK = re.compile(r"(?<=[，：；])(?=https?://)")
TIMES = ("at", "undo_until", "erased_by", "until", "due_at")
# The links of messages, the most urgent first: an e-mail has a button for the first one that it has.
BUTTONS = {
    "undo_url": gettext_lazy("That was not me"),
    "stop_url": gettext_lazy("Stop the deletion"),
    "recover_url": gettext_lazy("Set a new password"),
    "url": gettext_lazy("See what changes"),
    "request_url": gettext_lazy("Open your request"),
    "receipt_url": gettext_lazy("Check the progress"),
}
_BEFORE_THE_FOOT = "\n--\n"


@dataclass(frozen=True, slots=True)
class Words:
    """A rendered message; an SMS has only a `body`. `sender` is the name of the service in the reader's language."""

    body: str
    subject: str = ""
    html: str = ""
    sender: str = ""


def render_sms(template: str, language: str, context: Mapping[str, str]) -> Words:
    """Return the text of an SMS: one line, and one that binds its code to this site."""
    with translation.override(language):
        text = _one_line(_render(f"{template}.sms.txt", _data(context)))
        code = context.get("code", "")
        return Words(text + _bound_to_this_site(code) if code and code in text else text)


def render_email(template: str, language: str, context: Mapping[str, str]) -> Words:
    """Return subject, text and HTML of an e-mail. The HTML is made from the text, so that each text is written once."""
    with translation.override(language):
        data = _data(context)
        # The subject never contains the code: mail servers log subjects, and phones show them on a locked screen.
        heading = _one_line(_render(f"{template}.subject.txt", {**data, "code": ""}))
        subject = f"{heading} · {service_name()}"
        body = _FULL_WIDTH.sub("", _render(f"{template}.txt", data).strip()) + "\n"
        parts = _parts_of_page(body, data) | {"subject": subject, "heading": heading, "language": language}
        return Words(body, subject, _render("message.html", parts, autoescape=True), service_name())


def _parts_of_page(body: str, data: Mapping[str, object]) -> dict[str, object]:
    """Return what the HTML shows of a text: time and device as facts, the code apart, the reason in the foot."""
    code, when = str(data.get("code", "")), _FULL_WIDTH.sub("", _render("_change_when.txt", data).strip())
    said, _line, foot = body.partition(_BEFORE_THE_FOOT)
    has_facts = bool(when) and when in said
    *paragraphs, why = _paragraphs(said.replace(when, "") if has_facts else said)
    return {
        "service": service_name(),
        "schemes": dict(zip(("light", "dark"), schemes(), strict=True)),
        "code": code,
        "at": data.get("at") if has_facts else "",
        "device": data.get("device") if has_facts else "",
        "parts": _with_button([part for part in paragraphs if not code or code not in part], data),
        "why": why,
        "foot": foot.strip(),
    }


def _with_button(paragraphs: list[str], data: Mapping[str, object]) -> list[dict[str, object]]:
    """Return paragraphs; the one with the link of what a reader would do next has a button in place of the link."""
    links = ((label, str(data[name])) for name, label in BUTTONS.items() if data.get(name))
    label, url = next(((label, url) for label, url in links if any(url in part for part in paragraphs)), ("", ""))
    place = next((number for number, part in enumerate(paragraphs) if url and url in part), None)
    return [
        {"text": part.replace(url, "").strip(), "label": label, "url": url} if number == place else {"text": part}
        for number, part in enumerate(paragraphs)
    ]


def _bound_to_this_site(code: str) -> str:
    """Return the last line of an SMS with a code; empty where `SITE_URL` names no domain, as on this machine.

    Phones offer the code on this site only: <https://wicg.github.io/sms-one-time-codes/>.
    """
    host = urlsplit(settings.SITE_URL).hostname or ""
    return f"\n@{host} #{code}" if _DOMAIN.fullmatch(host) else ""


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, with a blank before each link: a link begins a word."""
    return re.split(r"\n\s*\n", _LINK.sub(" ", text.strip()))


def occasion_of(template: str) -> str:
    """Return the subject matter of a message, in the reader's words; a template that is gone keeps its name."""
    try:
        return _one_line(_render(f"{template}.subject.txt", {}))
    except TemplateDoesNotExist:
        return template


def _data(context: Mapping[str, str]) -> dict[str, object]:
    jurisdiction = get_jurisdiction(context["jurisdiction"])
    times = {name: _time(context[name]) for name in TIMES if name in context}
    return {
        **context,
        **times,
        "jurisdiction": jurisdiction.name,
        "controller": jurisdiction.controller.name,
        "sender": own_name() or jurisdiction.controller.name,
        "controller_email": jurisdiction.controller.email,
        "requests_url": link_to("requests"),
    }


def _time(text: str) -> str:
    """Return an ISO 8601 time in the reader's words; other text is returned as it is."""
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{date_format(time.astimezone(dt.UTC), 'DATETIME_FORMAT')} UTC" if timezone.is_aware(time) else text


def _render(name: str, data: Mapping[str, object], *, autoescape: bool = False) -> str:
    template = Engine.get_default().get_template(f"{FOLDER}/{name}")
    return template.render(Context(dict(data), autoescape=autoescape))


def _one_line(text: str) -> str:
    return _FULL_WIDTH.sub("", " ".join(text.split()))
