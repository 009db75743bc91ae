import json
import stat
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import apprise
import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured

from privacy.notices.backends import NoticeEmail, OutboxEmailBackend, Sms, SmsNotSent, sms_backend
from privacy.notices.services import deliver_notice, send_notice

# Apprise loads all its gateways at its first use, and one of them imports a deprecated module.
pytestmark = [pytest.mark.embedded, pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")]
NUMBER = "+8613800138000"
taken = []


class GatewayInMemory(apprise.NotifyBase):
    """An Apprise gateway that keeps what it was given, and refuses the text `refuse me`."""

    secure_protocol = "memory"

    @staticmethod
    def parse_url(url, *_args, **_options):
        return apprise.NotifyBase.parse_url(url, verify_host=False)

    def __init__(self, **options):
        super().__init__(**options)
        self.options = options

    def url(self, *args, **kwargs):
        return "memory://"

    def send(self, body, **_options):
        taken.append((self.options["fullpath"], self.options["qsd"].get("sender"), body))
        return body != "refuse me"


@pytest.fixture
def gateway():
    taken.clear()
    apprise.plugins.N_MGR.add(GatewayInMemory, schemas="memory", force=True)
    yield taken
    apprise.plugins.N_MGR.remove("memory")


@pytest.fixture
def outbox(settings, tmp_path):
    settings.OUTBOX_DIR = tmp_path / "outbox"
    return settings.OUTBOX_DIR


def the_message(outbox):
    (path,) = outbox.iterdir()
    return path, json.loads(path.read_text())


def test_an_sms_is_a_file_of_its_own_that_only_we_read(outbox):
    sms_backend("outbox://").send(Sms(NUMBER, "Hello 你好", "493817"))
    path, message = the_message(outbox)
    assert set(message) == {"channel", "to", "subject", "body", "code", "at"}
    assert message["body"] == "Hello 你好"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.suffix == ".json"


def test_a_message_without_a_code_names_none(outbox):
    sms_backend("outbox://").send(Sms(NUMBER, "Hello"))
    assert set(the_message(outbox)[1]) == {"channel", "to", "subject", "body", "at"}


def test_an_email_goes_to_the_outbox_with_its_code(outbox):
    message = NoticeEmail("Subject", "Body", to=["a@example.org"], connection=OutboxEmailBackend(), code="493817")
    message.send()
    _path, written = the_message(outbox)
    assert (written["channel"], written["to"], written["subject"]) == ("email", "a@example.org", "Subject")
    assert (written["body"], written["code"]) == ("Body", "493817")


@pytest.mark.parametrize(
    "write",
    [
        lambda: sms_backend("outbox://").send(Sms(NUMBER, "Hello")),
        lambda: OutboxEmailBackend().send_messages([mail.EmailMessage("Subject", "Body", to=["a@example.org"])]),
    ],
)
def test_the_outbox_does_not_work_in_production(settings, write):
    settings.OUTBOX_DIR = None
    with pytest.raises(ImproperlyConfigured):
        write()


def test_an_email_goes_through_djangos_backend_in_text_and_html(mailoutbox):
    notice = send_notice(
        subject=None, channel="email", address="a@example.org", template="password_changed", language="en", context={}
    )
    assert deliver_notice(notice.pk)
    (message,) = mailoutbox
    assert message.to == ["a@example.org"]
    assert [kind for _content, kind in message.alternatives] == ["text/html"]
    assert "X-" not in message.message().as_string()


def test_apprise_gets_the_number_as_the_last_part_of_the_url(gateway):
    sms_backend("memory://account:token@host/from/?sender=portal").send(Sms(NUMBER, "Hello"))
    assert gateway == [(f"/from/{NUMBER}", "portal", "Hello")]


def test_a_gateway_that_refuses_is_an_error_that_holds_nothing(gateway, caplog):
    caplog.set_level("DEBUG")
    with pytest.raises(SmsNotSent) as refused:
        sms_backend("memory://host").send(Sms(NUMBER, "refuse me"))
    assert NUMBER not in str(refused.value)
    assert "refuse me" not in caplog.text
    assert "13800138000" not in caplog.text


def test_a_redirect_of_a_gateway_is_not_followed():
    asked = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_given):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(SmsNotSent):
            sms_backend(f"json://127.0.0.1:{server.server_port}/sms").send(Sms(NUMBER, "Your code is 493817."))
        server.shutdown()
    assert [path.partition("/")[2].partition("/")[0] for path in asked] == ["sms"]


def test_an_unknown_gateway_is_an_error():
    with pytest.raises(SmsNotSent):
        sms_backend("no-such-gateway://host").send(Sms(NUMBER, "Hello"))
