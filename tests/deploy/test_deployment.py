"""What ships for deployments fits the code: variables, figures, commands and files exist."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import load_command_class
from django.urls import reverse

from accounts.security_events.operations import UNCOUNTED_SECONDS
from accounts.tries.models import TryTotal
from portal.operations.metrics import REGISTRY
from portal.runtime.queues import SILENT_AFTER_SECONDS
from privacy.journal.lag import LATE
from privacy.limits.counting import RateLimited
from privacy.notices.backends import AddressRefused
from privacy.notices.figures import FEWEST_REFUSED, LATE_CODE_SECONDS
from privacy.notices.limits import NEARLY_ALL

pytestmark = pytest.mark.embedded

DEPLOY = settings.BASE_DIR / "deploy"
ALERTS = "deploy/prometheus/alerts.yaml"
CONFIGURATION = (settings.BASE_DIR / "docs" / "configuration.md").read_text()
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "portal"}
CONTAINERFILE = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")


# How much there is of what comes and goes; what is wrong about it has a figure of its own.
WITHOUT_ALERT = {
    *("portal_erasures_waiting", "portal_erasures_due", "portal_erasures_held", "portal_holds"),
    *("portal_deliveries_outstanding", "portal_codes_waiting", "portal_messages_waiting"),
    *("portal_announcements_people_left", "portal_people_to_agree", "portal_requests_open"),
    *("portal_access_end_seconds_mean_1d", "portal_erasures_finished_1d"),
    *("portal_erasure_seconds_mean_1d", "portal_erasure_seconds_max_1d"),
}


def alert_rules():
    groups = yaml.safe_load((settings.BASE_DIR / ALERTS).read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def documented(variable):
    return f"`{variable}`" in CONFIGURATION


def is_read(variable):
    """Whether the code reads a variable, or reads what the file holds that it names."""
    name = variable.removesuffix("_FILE")
    sources = [path.read_text() for path in (settings.BASE_DIR / "portal").rglob("*.py")]
    return any(f'"{name}"' in source for source in sources)


def parsed(arguments):
    """The options of `manage.py ARGUMENTS`; fails where the command does not take them."""
    apps = {"portal": "portal", "backup": "portal"}
    command = load_command_class(apps[arguments[0]], arguments[0])
    return vars(command.create_parser("manage.py", arguments[0]).parse_args(arguments[1:]))


def environment_files():
    lines = (DEPLOY / "portal.env.example").read_text().splitlines()
    return {line.partition("=")[0] for line in lines if line and not line.startswith("#")}


def test_every_variable_is_read_and_documented():
    variables = environment_files() | set(re.findall(r"\b([A-Z_]{4,})=", re.sub(r"ARG .*", "", CONTAINERFILE)))
    variables |= {name for service in OURS.values() for name in service["environment"]}
    variables -= {"PIP_DISABLE_PIP_VERSION_CHECK", "PIP_NO_CACHE_DIR", "PATH", "PYTHONUNBUFFERED", "PYTHON_IMAGE"}
    assert "MASTER_KEYS_FILE" in variables
    assert [name for name in sorted(variables) if not documented(name)] == []
    assert [name for name in sorted(variables) if not is_read(name)] == []


@pytest.mark.django_db
def test_every_figure_of_an_alert_exists():
    rules, figures = alert_rules(), {metric.name for metric in REGISTRY.collect()}
    for rule in rules:
        asked = set(re.findall(r"\bportal_\w+", rule["expr"]))
        gone = sorted(asked - figures)
        assert gone == [], f"No package declares {', '.join(gone)}: change the rule {rule['alert']} of {ALERTS}."
        assert asked or "up{" in rule["expr"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
    assert len({rule["alert"] for rule in rules}) == len(rules)


@pytest.mark.django_db
def test_every_figure_that_may_need_attention_has_an_alert():
    figures = {metric.name for metric in REGISTRY.collect() if metric.name.startswith("portal_")}
    asked = {name for rule in alert_rules() for name in re.findall(r"\bportal_\w+", rule["expr"])}
    missing = sorted(figures - asked - WITHOUT_ALERT)
    assert missing == [], (
        f"{ALERTS} has no rule for {', '.join(missing)}. Copy the rule of a similar figure; or name the figure in "
        "WITHOUT_ALERT of this file if it needs no attention."
    )
    gone = sorted(WITHOUT_ALERT - (figures - asked))
    assert gone == [], f"Remove {', '.join(gone)} from WITHOUT_ALERT: the figure is gone, or has a rule in {ALERTS}."


@pytest.mark.django_db
def test_alerts_know_the_limits_and_names_of_the_code():
    expressions = " ".join(rule["expr"] for rule in alert_rules())
    for queue, seconds in SILENT_AFTER_SECONDS.items():
        assert f'portal_queue_unserved_seconds{{queue="{queue}"}}) > {seconds}' in expressions
    assert set(re.findall(r'outcome="(\w+)"', expressions)) == {"sent", RateLimited.__name__, AddressRefused.__name__}
    assert f'outcome="AddressRefused"}}) >= {FEWEST_REFUSED} and' in expressions
    assert f"max(portal_codes_oldest_seconds) > {LATE_CODE_SECONDS}" in expressions
    assert f"max(portal_failed_sign_ins_oldest_seconds) > {UNCOUNTED_SECONDS}" in expressions
    assert f"max(portal_journal_lag_seconds) > {LATE.total_seconds():.0f}" in expressions
    assert f"(portal_sms_budget_used) >= {NEARLY_ALL}" in expressions
    for kind in TryTotal.Kind.values:
        assert f"max(portal_tries_{kind}_5m) > {settings.MOST_TRIES_OF_ALL}" in expressions


def test_compose_runs_each_role_once_after_the_preparation():
    assert {name: parsed(service["command"])["only"] for name, service in OURS.items()} == {
        "prepare": None,
        "web": "web",
        "worker": "worker",
        "beat": "beat",
    }
    assert parsed(OURS["prepare"]["command"])["prepare_only"]
    assert OURS["prepare"]["depends_on"]["bucket"] == {"condition": "service_completed_successfully"}
    for name in ("web", "worker", "beat"):
        assert OURS[name]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}


def test_compose_declares_what_it_uses():
    for name, service in COMPOSE["services"].items():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"]), name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source.startswith("./") or source in COMPOSE["volumes"], name
        if service["image"] != "portal":
            assert re.search(r":\d+\.\d+", service["image"]), f"{name}: the version is pinned"
    for service in OURS.values():
        files = {path for path in service["environment"].values() if path.startswith("/run/secrets/")}
        assert files == {f"/run/secrets/{secret}" for secret in service["secrets"]}
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]


def test_compose_gives_no_secret_to_the_environment():
    text = (DEPLOY / "compose.yaml").read_text() + (DEPLOY / "portal.env.example").read_text()
    assert not re.search(r"(PASSWORD|SECRET_KEY|MASTER_KEYS|(?<!SITE)_URL|TOKEN)[:=] ?(?!/run/secrets)\S", text)


def test_secrets_are_made_once_and_fit_the_settings(tmp_path):
    shutil.copy(DEPLOY / "make-secrets", tmp_path)
    for name in ("email_url", "sms_url"):
        (tmp_path / "secrets").mkdir(exist_ok=True)
        (tmp_path / "secrets" / name).write_text(
            {"email_url": "smtp+tls://u:p@mail:587", "sms_url": "json://sms"}[name]
        )
    made = []
    for _ in range(2):
        subprocess.run([tmp_path / "make-secrets"], check=True)
        made.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) == set(COMPOSE["secrets"])
    files = {name: str(tmp_path / "secrets" / name.removesuffix("_FILE").lower())
             for name in OURS["web"]["environment"] if name.endswith("_FILE")}  # fmt: skip
    environment = {"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path), "PORTAL_ENV": "production"}
    environment |= {"ALLOWED_HOSTS": "portal.example.org", "DEFAULT_FROM_EMAIL": "portal@example.org"} | files
    environment["SITE_URL"] = "https://portal.example.org"
    environment["JOURNAL_STORE"] = OURS["web"]["environment"]["JOURNAL_STORE"]
    code = """
from django.conf import settings
opens = settings.STORAGES["journal"]["OPTIONS"]
print(settings.DATABASES["keys"]["HOST"], settings.REDIS_URL[:9], opens["bucket_name"], opens["access_key"])
print(opens["secret_key"])
"""
    command = ["python", settings.BASE_DIR / "manage.py", "shell", "--no-imports", "--command", code]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    *others, secret = shown.stdout.split() or [shown.stderr]
    assert others == ["keys", "redis://:", "journal", "portal"], shown.stderr
    [identity] = json.loads(made[0]["store_identities"])["identities"]
    assert identity["credentials"] == [{"accessKey": "portal", "secretKey": secret}]


def test_the_image_copies_existing_files_and_runs_without_root():
    allowed = [
        line.removeprefix("!") for line in (settings.BASE_DIR / ".dockerignore").read_text().splitlines() if "!" in line
    ]
    copied = [line.split()[1] for line in CONTAINERFILE.splitlines() if re.match(r"COPY (?!--from)", line)]
    for source in copied:
        assert (settings.BASE_DIR / source).exists()
        assert any(fnmatch(source, pattern) for pattern in allowed)
    assert set(copied) == set(allowed)
    assert "\nUSER portal\n" in CONTAINERFILE
    assert re.search(r"python:3\.1[1-3]\.\d+-slim", CONTAINERFILE)
    command = re.search(r"^CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    assert parsed(yaml.safe_load(command[1]))["only"] == "web"


def test_the_image_has_every_package_of_the_settings():
    copied = set(re.findall(r"^COPY (\w+)", CONTAINERFILE, re.MULTILINE))
    ours = {path.name for path in settings.BASE_DIR.iterdir() if (path / "apps.py").is_file()} | {"portal"}
    assert ours <= copied


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_run_commands_that_exist_without_rights(unit):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(unit)
    service = parser["Service"]
    start = shlex.split(service["ExecStart"])
    assert start[1] == "manage.py"
    parsed(start[2:])
    assert service["User"] == "portal"
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_systemd_finds_no_fault(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze")
    for unit in (DEPLOY / "systemd").iterdir():
        # Its Python is on the host that it is made for.
        text = unit.read_text().replace("/srv/portal/.venv/bin/python", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    verified = subprocess.run(
        ["systemd-analyze", "verify", *map(str, tmp_path.glob("portal-*"))], capture_output=True, text=True, check=False
    )
    assert "portal-" not in verified.stderr, verified.stderr


@pytest.mark.parametrize("name", ["licence", "rest_licence", "enterprise_licence", "rest_enterprise_licence"])
def test_the_proxy_writes_no_uploaded_licence_to_a_disk(name: str):
    (unbuffered,) = re.findall(r"location ~ (\S+) {", (DEPLOY / "nginx.conf").read_text())
    assert re.search(unbuffered, reverse(name))


def test_the_proxy_buffers_limits_and_logs_no_names():
    text = (DEPLOY / "nginx.conf").read_text()
    for line in (
        "proxy_request_buffering on;",
        "proxy_buffering on;",
        "access_log off;",
        "error_log stderr crit;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "client_header_timeout 15s;",
        "location /api/ { return 403; }",
        "ssl_protocols TLSv1.2 TLSv1.3;",
        "add_header Strict-Transport-Security $own_hsts always;",
    ):
        assert line in text
    assert text.count("{") == text.count("}")
    (ciphers,) = re.findall(r"ssl_ciphers (\S+);", text)
    assert all(re.fullmatch(r"ECDHE-\w+-(AES\d+-GCM|CHACHA20)-\w+", cipher) for cipher in ciphers.split(":"))
    found = subprocess.run(["openssl", "ciphers", "-s", "-tls1_2", ciphers], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ciphers


def test_every_file_that_the_documentation_names_is_there():
    text = "".join((settings.BASE_DIR / "docs" / name).read_text() for name in ("deployment.md", "upgrading.md"))
    named = set(re.findall(r"\bdeploy/[\w./-]*\w", text)) - {"deploy/portal.env", "deploy/secrets", "deploy/tls"}
    assert named
    missing = [name for name in named if not (settings.BASE_DIR / name).exists() and "secrets/" not in name]
    assert [name for name in missing if not name.startswith("deploy/tls")] == []
    assert Path(DEPLOY / "make-secrets").stat().st_mode & 0o100
