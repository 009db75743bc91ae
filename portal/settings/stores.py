"""Settings of stores of files: a folder, or a bucket that every host reaches."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal.settings.environment import optional_secret

OPTIONS = {"endpoint", "region"}
# Time limit in seconds for a bucket that does not answer.
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 2, 10, 2


def bucket_storage(variable: str, url: str) -> dict[str, Any]:
    """Return the storage of a bucket, as an entry of `STORAGES`; `variable` named it, for the errors.

    Raises `ImproperlyConfigured`.
    """
    parts = urlsplit(url)
    options = _options(variable, parts)
    if not find_spec("storages") or not find_spec("boto3"):
        raise ImproperlyConfigured(
            f"{variable} names a bucket. Install its library: pip install -r requirements-s3.txt"
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
            "access_key": optional_secret("AWS_ACCESS_KEY_ID") or None,
            "secret_key": optional_secret("AWS_SECRET_ACCESS_KEY") or None,
            "file_overwrite": True,
            "client_config": _client(has_own_endpoint="endpoint" in options),
        },
    }


def _options(variable: str, parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc or set(options) - OPTIONS:
        # Without the value, which may hold a password.
        shape = "a folder, or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION"
        raise ImproperlyConfigured(f"{variable} must be {shape}; it is neither.")
    if "endpoint" in options and not options["endpoint"].startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"The endpoint in {variable} must be an address such as https://storage.example.")
    return options


def _client(*, has_own_endpoint: bool) -> Any:
    # The library is installed only for a bucket.
    from botocore.config import Config

    # Other servers than Amazon's seldom have a host name for each bucket, and older ones lack the new checksums.
    own = {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS},
        s3={"addressing_style": "path" if has_own_endpoint else "auto"},
        **(own if has_own_endpoint else {}),
    )
