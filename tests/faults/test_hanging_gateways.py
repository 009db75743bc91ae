"""A mail server accepts and hangs: codes by SMS arrive, erasures happen, and the portal says what is wrong."""

import shutil
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.lives import ApiClient, Codes, lives, register
from tests.faults.mail_servers import HangingMail, RefusingMail
from tests.faults.servers import OwnRedis
from tests.faults.worlds import World, served, wait_until

CODE_SECONDS, ERASURE_SECONDS = 30, 60
QUEUE_MAILS = """
from privacy.notices.services import send_notice
for number in range({count}):
    # Half of them hold codes, and so wait in the queue of codes.
    code = "493817" if number % 2 else ""
    send_notice(
        subject=None, channel="email", address=f"maria{{number}}@example.com", language="en", code=code,
        template="verification_code" if code else "password_changed", context={{"minutes": "10", "at": ""}},
    )
answer(1)
"""
COOLING_OFF = 15


@pytest.mark.long
@pytest.mark.parametrize(
    "broker", [pytest.param("files", marks=pytest.mark.embedded), pytest.param("redis", marks=pytest.mark.redis)]
)
def test_a_mail_server_that_hangs_stops_no_code_and_no_erasure(portal: World, tmp_path: Path, many, broker: str):
    with ExitStack() as stack:
        mail = stack.enter_context(HangingMail())
        portal.environment |= {"EMAIL_URL": mail.url, "COOLING_OFF": f"PT{COOLING_OFF}S"}
        if broker == "redis":
            if not shutil.which("redis-server"):
                pytest.skip("no redis-server")
            portal.environment["REDIS_URL"] = stack.enter_context(OwnRedis(tmp_path)).url
        portal.run(QUEUE_MAILS.format(count=many(40, 200)))
        portal.run("make_people(1); answer(cancel_all())")
        cancelled_at = time.monotonic()
        address = stack.enter_context(served(portal))
        wait_until(lambda: mail.connections, 30)
        seconds = register(ApiClient(address), Codes(portal.folder / "var" / "outbox"), lives(1)[0])
        erased = "answer(ErasureCase.objects.exclude(state='erased').count() == 0)"
        wait_until(lambda: portal.run(erased), CODE_SECONDS + ERASURE_SECONDS)
        late = time.monotonic() - cancelled_at - COOLING_OFF
        assert (seconds < CODE_SECONDS, late < ERASURE_SECONDS) == (True, True), (seconds, late)
        # The gateway is tried again from time to time, and then counts as working until it is silent again.
        wait_until(lambda: 'portal_gateway_open{gateway="email"} 1.0' in read(f"{address}/metrics"), 60)
        assert 'portal_gateway_open{gateway="sms"} 0.0' in read(f"{address}/metrics")
        assert '"workers": "ok"' in read(f"{address}/readyz")


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


@pytest.mark.long
@pytest.mark.embedded
def test_logs_of_all_processes_have_no_personal_data_while_gateways_fail(portal: World):
    with RefusingMail() as mail:
        portal.environment |= {"EMAIL_URL": mail.url, "SMS_URL": "json://127.0.0.1:9/from"}
        portal.run(
            """
            from privacy.notices.services import send_notice
            make_people(1)  # keys without data are taken for those of another portal
            given = {"subject": None, "language": "en", "template": "verification_code", "context": {"minutes": "10"}}
            send_notice(channel="email", address="maria.gross@example.com", code="493817", **given)
            send_notice(channel="sms", address="+4915123456789", code="493817", **given)
            answer(1)
            """
        )
        with served(portal) as address:
            for path in ("/receipts/MARIA-GROSS/", "/x/maria.gross@example.com"):
                with pytest.raises(urllib.error.HTTPError):
                    read(address + path)
            tried = "answer(sorted(Notice.objects.filter(attempts__gt=0).values_list('last_error', flat=True)))"
            wait_until(lambda: portal.run(tried) == ["AddressRefused", "GatewaySilent"], 30)
    log = (portal.folder / "portal.log").read_text()
    assert "Not Found (404)" in log
    assert "GatewaySilent" in log
    planted = ["maria", "MARIA", "example.com", "15123456789", "493817", "/from"]
    assert [value for value in planted if value in log] == []
