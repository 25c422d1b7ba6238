"""The token that opens the first-run page: only who can read the data folder or the start-up lines has it."""

import secrets

from django.conf import settings

from config.secret import keep_secret


def setup_token() -> str:
    return keep_secret(settings.DATA_DIR / "setup-token")


def token_fits(token: str) -> bool:
    return secrets.compare_digest(token.encode(), setup_token().encode())
