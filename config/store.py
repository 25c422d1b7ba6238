"""Where pictures and files of members are stored: a folder, or a bucket of a store that
speaks S3.

A bucket is named by one address: `s3://KEY:SECRET@host/bucket/folder?region=eu-1`, or
`s3+http://` for a store without TLS in the same network.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SCHEMES = {"s3": "https", "s3+http": "http"}
EXAMPLE = "s3://KEY:SECRET@s3.example.org/bucket"
SECONDS = 10  # to reach the store, and between two pieces of an answer


def storage(address: str, folder: Path) -> dict[str, Any]:
    """The storage as Django's setting STORAGES has it. Files are served by
    pictures/views.py alone, to whoever may see what shows them.

    Raises SystemExit with a sentence, which does not repeat the address: it may hold a
    password.
    """
    if not address:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": None},
        }
    if find_spec("boto3") is None or find_spec("storages") is None:
        raise SystemExit(
            "FILES_URL needs the packages of requirements/s3.txt: run `make s3` once."
        )
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _options(address)}


def _options(address: str) -> dict[str, Any]:
    from botocore.config import Config

    parts = _parts(address)
    bucket, _slash, folder = parts.path.strip("/").partition("/")
    region = parse_qs(parts.query).get("region", [None])[0]
    return {
        "endpoint_url": f"{SCHEMES[parts.scheme]}://{parts.netloc.rpartition('@')[2]}",
        "bucket_name": bucket,
        "location": folder,
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "region_name": region,
        "default_acl": None,
        # Names are made of keys that are never used twice.
        "file_overwrite": True,
        "client_config": Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=SECONDS,
            read_timeout=SECONDS,
            retries={"total_max_attempts": 2},
            # Stores other than Amazon's do not all know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }


def _parts(address: str) -> SplitResult:
    """Raises SystemExit."""
    refusal = SystemExit(f"FILES_URL must be written as {EXAMPLE}.")
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise refusal from None
    if parts.scheme not in SCHEMES or not has_host or not parts.path.strip("/"):
        raise refusal
    if bool(parts.username) != bool(parts.password):
        raise refusal
    return parts
