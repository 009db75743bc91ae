import base64
import secrets
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management.base import SystemCheckError

from portal.runtime.supervisor.preparation import prepare
from portal.settings.environment import master_keys, new_secret

pytestmark = pytest.mark.embedded

MANAGE = str(settings.BASE_DIR / "manage.py")
STRONG_KEY = "1:" + base64.b64encode(secrets.token_bytes(32)).decode()
SECRETS = ("SECRET_KEY", "MASTER_KEYS", "METRICS_TOKEN")


def production(tmp_path, **changed):
    """A full and sound environment of production, with changes; None takes a variable away."""
    sound = {
        "PATH": "/usr/bin:/bin",
        "PORTAL_VAR": str(tmp_path),
        "PORTAL_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "MASTER_KEYS": STRONG_KEY,
        "METRICS_TOKEN": secrets.token_hex(16),
        "ALLOWED_HOSTS": "portal.example.org",
        "SITE_URL": "https://portal.example.org",
        "DATABASE_URL": "postgres://portal:a-database-password@db.example.org/portal",
        "KEYS_DATABASE_URL": "postgres://portal:a-database-password@keys.example.org/keys",
        "REDIS_URL": "redis://:a-redis-password@redis.example.org:6379/0",
        "EMAIL_URL": "smtp+tls://portal:a-mail-password@mail.example.org:587",
        "SMS_URL": "json://gateway.example.org",
        "DEFAULT_FROM_EMAIL": "Portal <portal@example.org>",
    } | changed
    return {name: value for name, value in sound.items() if value is not None}


def manage(environment, *arguments):
    return subprocess.run(
        [sys.executable, MANAGE, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_a_sound_environment_passes_every_deployment_check(managed, tmp_path):
    checked = managed(production(tmp_path), "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr


REFUSED = {
    "no SECRET_KEY": ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
    "a default SECRET_KEY": ({"SECRET_KEY": "django-insecure-" + "x" * 50}, "SECRET_KEY is a default or too weak"),
    "a short SECRET_KEY": ({"SECRET_KEY": "hunter2-hunter2"}, "SECRET_KEY is a default or too weak"),
    "a SECRET_KEY of one character": (
        {"SECRET_KEY": "a" * 60},
        "SECRET_KEY is a default or too weak. Create one with: python manage.py make_secret SECRET_KEY",
    ),
    "a short METRICS_TOKEN": (
        {"METRICS_TOKEN": "hunter2-hunter2"},
        "METRICS_TOKEN is a default or too weak. Create one with: python manage.py make_secret METRICS_TOKEN",
    ),
    "a default METRICS_TOKEN": ({"METRICS_TOKEN": "zK3v9Qw5Yt7Lr2Np8Xc4Hb6Md1-changeme"}, "METRICS_TOKEN is a default"),
    "no MASTER_KEYS": ({"MASTER_KEYS": None}, "MASTER_KEYS is not set"),
    "weak MASTER_KEYS": ({"MASTER_KEYS": "1:" + base64.b64encode(b"k" * 32).decode()}, "MASTER_KEYS is a default"),
    "a counter among MASTER_KEYS": (
        {"MASTER_KEYS": f"{STRONG_KEY},2:{base64.b64encode(bytes(range(32))).decode()}"},
        "MASTER_KEYS is a default",
    ),
    "short MASTER_KEYS": ({"MASTER_KEYS": "1:" + base64.b64encode(b"short").decode()}, "MASTER_KEYS: entry 1 must be"),
    "no ALLOWED_HOSTS": ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
    "every host": ({"ALLOWED_HOSTS": "portal.example.org,*"}, "ALLOWED_HOSTS=* "),
    "no address of its own": ({"SITE_URL": None}, "SITE_URL is not set"),
    "an address without TLS": (
        {"SITE_URL": "http://portal.example.org"},
        "SITE_URL must be an origin such as https://",
    ),
    "an address with a path": ({"SITE_URL": "https://portal.example.org/x"}, "SITE_URL must be an origin such as"),
    "an address of another host": (
        {"SITE_URL": "https://www.example.org"},
        "SITE_URL names www.example.org, which is not in ALLOWED_HOSTS",
    ),
    "no keys database": ({"KEYS_DATABASE_URL": None}, "KEYS_DATABASE_URL is not set"),
    "keys beside the data": (
        {"KEYS_DATABASE_URL": "postgres://portal:a-database-password@db.example.org/portal"},
        "Use a separate database for keys",
    ),
    "no Redis": ({"REDIS_URL": None}, "REDIS_URL is not set"),
    "a Redis without a password": (
        {"REDIS_URL": "redis://redis.example.org:6379/0"},
        "REDIS_URL has no password: anyone who reaches Redis could start tasks and reset limits.",
    ),
    "no sender": ({"DEFAULT_FROM_EMAIL": None}, "DEFAULT_FROM_EMAIL is not set"),
    "no limits": ({"RATE_LIMITS": "off"}, "RATE_LIMITS=off is for tests only"),
    "cheap hashes": ({"PASSWORD_COST": "low"}, "PASSWORD_COST=low is for tests only"),
    "no e-mail gateway": ({"EMAIL_URL": None}, "EMAIL_URL is not set"),
    "e-mail to the outbox": ({"EMAIL_URL": "outbox://"}, "must name gateways in production"),
    "SMS to the outbox": ({"SMS_URL": "outbox://"}, "must name gateways in production"),
    "a period of a class that has none": ({"RETENTION": "security=P180D,account=P1D"}, "does not accept account"),
    "a period without a class": ({"RETENTION": "security:P180D"}, "RETENTION must be CLASS=P7D,CLASS=P30D; it is"),
    "a period that is none": (
        {"RETENTION": "corrections=P9D,security=180"},
        "RETENTION, security, must be an ISO 8601 duration such as P7D or PT30M; it is '180'",
    ),
    "an unknown jurisdiction": ({"JURISDICTIONS": "cn,us"}, "JURISDICTIONS does not accept us. Accepted: cn, intl"),
    "no jurisdiction": ({"JURISDICTIONS": ","}, "JURISDICTIONS must name at least one of cn, intl; it is ','"),
    "the site of an unknown jurisdiction": (
        {"JURISDICTION_URLS": "us=https://us.example"},
        "JURISDICTION_URLS does not accept us. Accepted: cn, intl",
    ),
    "a site of none": (
        {"JURISDICTION_URLS": "https://cn.example"},
        "JURISDICTION_URLS must be KEY=VALUE,KEY=VALUE or JSON; it is 'https://cn.example'",
    ),
    "no file of optional purposes": (
        {"OPTIONAL_PURPOSES_FILE": "/none.toml"},
        "OPTIONAL_PURPOSES_FILE must name a TOML file of optional purposes",
    ),
    "a colour that cannot be read": (
        {"BRAND_ACCENT": "#ffd600"},
        "BRAND_ACCENT=#ffd600 has a contrast of 1.41 to cards and fields (#ffffff) in the light scheme",
    ),
    "a logo that is none": ({"BRAND_LOGO": "portal.css"}, "BRAND_LOGO must name a safe SVG or a PNG"),
    "only a Chinese name": ({"SERVICE_NAME_ZH": "隐私服务"}, "SERVICE_NAME_ZH is set and SERVICE_NAME is not"),
    "no file of jurisdictions": ({"JURISDICTIONS_FILE": "/none.toml"}, "JURISDICTIONS_FILE must name a TOML file"),
    "no file of countries": ({"COUNTRIES_FILE": "/none.toml"}, "COUNTRIES_FILE must name a TOML file of countries"),
    "proxies in words": (
        {"TRUSTED_PROXIES": "yes"},
        "TRUSTED_PROXIES must be a whole number from 0, such as 0; it is 'yes'",
    ),
    "workers in words": ({"WEB_WORKERS": "x"}, "WEB_WORKERS must be a whole number from 1, such as 2; it is 'x'"),
    "no threads": ({"WEB_THREADS": "0"}, "WEB_THREADS must be a whole number from 1, such as 8; it is '0'"),
    "a file of a URL that is not there": (
        {"KEYS_DATABASE_URL": None, "KEYS_DATABASE_URL_FILE": "/none"},
        "KEYS_DATABASE_URL_FILE cannot be read: No such file or directory",
    ),
    "a length of none": ({"PASSWORD_MIN_LENGTH": "-3"}, "PASSWORD_MIN_LENGTH must be a whole number from 1"),
    "sessions of no time": ({"SESSION_LIFETIME": "PT0S"}, "SESSION_LIFETIME must be longer than zero"),
    "a country that is none": ({"SMS_COUNTRIES": "CN,XX"}, "does not accept XX"),
    "a gateway that may take minutes": (
        {"GATEWAY_SECONDS": "60"},
        "GATEWAY_SECONDS must be a whole number from 1 to 20",
    ),
    "a budget of none": ({"SMS_PER_DAY": "0"}, "SMS_PER_DAY must be a whole number from 1, such as 20000; it is '0'"),
    "more failures than the standard": (
        {"MOST_CONSECUTIVE_FAILURES": "101"},
        "MOST_CONSECUTIVE_FAILURES must not be more than 100",
    ),
    "longer with a second factor": (
        {"PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR": "16"},
        "PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR must not be more than PASSWORD_MIN_LENGTH",
    ),
    "limits perhaps": ({"RATE_LIMITS": "maybe"}, "RATE_LIMITS must be one of on, off; it is 'maybe'"),
    "an unknown cost": ({"PASSWORD_COST": "high"}, "PASSWORD_COST must be one of owasp, low; it is 'high'"),
    "an e-mail gateway that is no URL": ({"EMAIL_URL": "foo"}, "EMAIL_URL must be smtp+tls://USER:PASSWORD@HOST:587"),
    "an unknown e-mail gateway": ({"EMAIL_URL": "pigeon://x"}, "or outbox://; its scheme is 'pigeon'"),
    "a port of none": (
        {"DATABASE_URL": "postgres://portal:a-database-password@db.example.org:x/portal"},
        "DATABASE_URL must have the form postgres://USER:PASSWORD@HOST:PORT/NAME",
    ),
    "accounts unused too soon": ({"UNUSED_AFTER": "P30D"}, "UNUSED_AFTER must not be less than P60D"),
    "a promise broken": ({"COOLING_OFF": "P30D"}, "must not exceed 15 days"),
}


@pytest.mark.parametrize(("changed", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_production_refuses(checked, tmp_path, changed, reason):
    environment = production(tmp_path, **changed)
    exit_code, said = checked(environment)
    assert exit_code != 0
    assert reason in said
    assert "Traceback" not in said
    for name in SECRETS:
        assert environment.get(name, "absent") not in said
    assert "a-database-password" not in said


def test_what_the_others_are_refused_for_is_all_that_is_wrong_with_them(checked, tmp_path):
    assert checked(production(tmp_path)) == (0, "")


def test_a_refusal_is_a_line_and_not_a_traceback(tmp_path):
    assert "Traceback" not in manage(production(tmp_path, SECRET_KEY=None), "check").stderr


def test_a_named_database_means_production_unless_it_says_otherwise(checked, tmp_path):
    _exit_code, said = checked(production(tmp_path, PORTAL_ENV=None, SECRET_KEY=None))
    assert "SECRET_KEY is not set" in said


def test_the_token_of_the_scraper_is_checked_in_its_file_too(checked, tmp_path):
    (tmp_path / "token").write_text("changeme\n", encoding="utf-8")
    _exit_code, said = checked(production(tmp_path, METRICS_TOKEN=None, METRICS_TOKEN_FILE=str(tmp_path / "token")))
    assert "METRICS_TOKEN is a default or too weak" in said


@pytest.mark.parametrize("name", [SECRETS[0], *(pytest.param(name, marks=pytest.mark.long) for name in SECRETS[1:])])
def test_make_secret_prints_what_production_accepts(checked, managed, tmp_path, name):
    made = managed({"PORTAL_VAR": str(tmp_path), "PATH": "/usr/bin:/bin"}, "make_secret", name).stdout.strip()
    assert checked(production(tmp_path, **{name: made})) == (0, "")


def test_each_new_master_key_has_an_id_of_its_own_and_joins_those_there_are(tmp_path):
    made = {new_secret("MASTER_KEYS") for _ in range(20)}
    assert len(master_keys(",".join([STRONG_KEY, *made]))) == 21
    assert all(len(name) <= 32 for name in master_keys(",".join(made)))


def test_the_portal_does_not_start_while_a_deployment_check_fails(settings):
    settings.IN_PRODUCTION, settings.SECURE_HSTS_SECONDS = True, 0
    with pytest.raises(SystemCheckError, match=r"security\.W004"):
        prepare(print)


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "MASTER_KEYS"])
def test_a_file_that_is_no_text_is_refused_in_one_line(checked, tmp_path, name):
    secret = tmp_path / "secret"
    secret.write_bytes(b"\xff\xfe\x00secret")
    exit_code, said = checked(production(tmp_path, **{name: None, f"{name}_FILE": str(secret)}))
    assert exit_code != 0
    assert said.strip() == f"The portal does not start. {name}_FILE names a file that is not UTF-8 text."


def test_children_read_secrets_from_their_files_and_have_none_in_their_environment(tmp_path):
    (tmp_path / "url").write_text("smtp://user:a-password@mail.example\n", encoding="utf-8")
    code = (
        "import os; from portal.settings.environment import environment_of_children as ours, read_files; read_files(); "
        "print('a-password' in os.environ['EMAIL_URL'], 'a-password' in repr(ours()), 'EMAIL_URL_FILE' in ours())"
    )
    environment = production(tmp_path, EMAIL_URL=None, EMAIL_URL_FILE=str(tmp_path / "url"))
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, cwd=settings.BASE_DIR
    )
    assert done.stdout.split() == ["True", "False", "True"]
