"""Renders a template and a context in the person's language."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.template import Context, Engine, TemplateDoesNotExist
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from privacy.jurisdictions.jurisdictions import get_jurisdiction

FOLDER = "privacy/notices"
# Chinese has no space after its punctuation; the templates have one between two sentences.
_FULL_WIDTH = re.compile(r"(?<=[。，：；！？、）]) +")
_LINK = re.compile(r"(?<=[，：；])(?=https?://)")
TIMES = ("at", "undo_until", "erased_by", "until")
SERVICE = gettext_noop("Privacy portal")
# The links of messages, the most urgent first: an e-mail has a button for the first one that it has.
BUTTONS = {
    "undo_url": gettext_lazy("That was not me"),
    "recover_url": gettext_lazy("Set a new password"),
    "url": gettext_lazy("See what changes"),
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
    """Return the text of an SMS, on one line."""
    with translation.override(language):
        return Words(_one_line(_render(f"{template}.sms.txt", _data(context))))


def render_email(template: str, language: str, context: Mapping[str, str]) -> Words:
    """Return subject, text and HTML of an e-mail. The HTML is made from the text, so that each text is written once."""
    with translation.override(language):
        data = _data(context)
        # The subject never contains the code: mail servers log subjects, and phones show them on a locked screen.
        heading = _one_line(_render(f"{template}.subject.txt", {**data, "code": ""}))
        subject = f"{heading} · {gettext(SERVICE)}"
        body = _FULL_WIDTH.sub("", _render(f"{template}.txt", data).strip()) + "\n"
        said, _line, foot = body.partition(_BEFORE_THE_FOOT)
        code = context.get("code", "")
        parts = {
            "subject": subject,
            "heading": heading,
            "service": gettext(SERVICE),
            "language": language,
            "code": code,
            "paragraphs": [part for part in _paragraphs(said) if not code or code not in part],
            "button": _button(data),
            "foot": foot.strip(),
        }
        return Words(body, subject, _render("message.html", parts, autoescape=True), gettext(SERVICE))


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, with a blank before each link: a link begins a word."""
    return re.split(r"\n\s*\n", _LINK.sub(" ", text.strip()))


def _button(data: Mapping[str, object]) -> dict[str, object] | None:
    """Return the label and the URL of what a reader would do next; None where a message has no link."""
    return next(({"label": label, "url": data[name]} for name, label in BUTTONS.items() if data.get(name)), None)


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
        "controller_email": jurisdiction.controller.email,
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
