"""The codes that a session requested. Only that session can use them; tries and limits count by session."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.contact_points import codes
from accounts.contact_points.codes import CodeExpired, count_code
from accounts.contact_points.models import Code, ContactPoint
from accounts.contact_points.services import those_to_verify
from accounts.tries.limits import consume
from accounts.tries.networks import network_of
from privacy.notices.preparing import PreparedNotice

SESSION_KEY = "asked_codes"


def ask_to_verify(request: HttpRequest, *, contact: ContactPoint, epoch: int) -> None:
    """Send a code that proves a contact point of a person with this epoch. Raises `RateLimited`."""
    count_code(values=[contact.value], network=network_of(request))
    send_to_verify(request, contact=contact, epoch=epoch)


def send_to_verify(request: HttpRequest, *, contact: ContactPoint, epoch: int) -> None:
    """Send the same code as `ask_to_verify` without counting it: the caller has counted it."""
    _forget_earlier(request, Code.Use.VERIFY, contact)
    _keep(request, codes.send_code(contact, epoch=epoch, language=get_language() or "en"), contact)


class FirstCode:
    """The code for a new account: counted before the account is stored, and stored in the same transaction.

    `counted` are the contact points whose code is already counted. It is used when a form that is sent again corrects
    the contact points of an account that exists.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.waiting: list[ContactPoint] = []
        self.counted: Sequence[ContactPoint] = ()
        self._code: Code | None = None

    @property
    def network(self) -> str:
        """The network that the request came from."""
        return network_of(self.request)

    def ready(self, contacts: Sequence[ContactPoint], *, epoch: int) -> tuple[Code, PreparedNotice] | None:
        """Return the rows to store with an account that has these contact points; None where none is to verify.

        Raises `RateLimited`.
        """
        self.waiting = those_to_verify(contacts)
        if not self.waiting:
            return None
        contact = self.waiting[0]
        count_code(values=[contact.value], network=self.network)
        made = codes.ready_code(contact, epoch=epoch, language=get_language() or "en", is_new=True)
        self._code = made[0]
        return made

    def is_sent_to(self, subject_id: UUID) -> bool:
        """Whether the code was stored with this account; False where an earlier sending of the form made it."""
        return self._code is not None and self._code.subject_id == subject_id

    def hold(self) -> None:
        """Let this session use the code."""
        assert self._code  # noqa: S101 - `is_sent_to` was True
        _keep(self.request, self._code, self.waiting[0])


def ask_by_login(request: HttpRequest, *, login: str, use: Code.Use) -> None:
    """Send a code, already counted, to the owner of a login; the worker that sends it finds the owner."""
    _forget_earlier(request, use)
    _keep(request, codes.send_code_by_login(login, use=use, language=get_language() or "en"))


def was_asked(request: HttpRequest, *, use: Code.Use, contact: ContactPoint | None = None) -> bool:
    """Whether this session requested a code."""
    return _code_id(request, use, contact) is not None


def is_waiting(request: HttpRequest, *, use: Code.Use, contact: ContactPoint | None = None) -> bool:
    """Whether this session requested a code that can still be used."""
    code_id = _code_id(request, use, contact)
    return code_id is not None and codes.is_code_waiting(code_id=code_id, use=use)


def use_requested_code(
    request: HttpRequest, *, use: Code.Use, digits: str, contact: ContactPoint | None = None
) -> Code:
    """Use up the code that this session requested, and return it.

    `contact` is the contact point that a code of `VERIFY` proves. Raises `RateLimited`, `WrongCode`, `CodeExpired`.
    """
    code_id = _code_id(request, use, contact)
    consume("confirm_code", code=str(code_id or ""), network=network_of(request))
    if code_id is None:
        raise CodeExpired("This session asked for no code.")
    return codes.use_code(code_id=code_id, use=use, digits=digits)


def forget(request: HttpRequest, *, use: Code.Use, contact: ContactPoint | None = None) -> None:
    """Remove from the session that a code was requested."""
    kept = _kept(request)
    if kept.pop(_name(use, contact), None):
        request.session[SESSION_KEY] = kept


def _forget_earlier(request: HttpRequest, use: Code.Use, contact: ContactPoint | None = None) -> None:
    # An earlier code of this session for the same use and contact point no longer works.
    if earlier := _code_id(request, use, contact):
        Code.objects.filter(pk=earlier).delete()


def _keep(request: HttpRequest, code: Code, contact: ContactPoint | None = None) -> None:
    request.session[SESSION_KEY] = _kept(request) | {_name(Code.Use(code.use), contact): str(code.pk)}


def _code_id(request: HttpRequest, use: Code.Use, contact: ContactPoint | None) -> UUID | None:
    code_id = _kept(request).get(_name(use, contact))
    return UUID(code_id) if code_id else None


def _kept(request: HttpRequest) -> dict[str, str]:
    return dict(request.session.get(SESSION_KEY, {}))


def _name(use: Code.Use, contact: ContactPoint | None) -> str:
    return f"{use}:{contact.pk}" if contact else str(use)
