"""The token that opens the first-run page: only who can read the data
folder or the start-up lines has it.
"""

import secrets

from django.conf import settings

from config.secret import keep_secret
from members.models import StudyGroup


def setup_token() -> str:
    return keep_secret(settings.DATA_DIR / "setup-token")


def token_fits(token: str) -> bool:
    return secrets.compare_digest(token.encode(), setup_token().encode())


def first_run_lines() -> list[str]:
    """What to tell the host while the group has no owner; nothing
    afterwards.
    """
    if StudyGroup.objects.exists():
        return []
    return [
        "Open this address to name your study group and become its owner:",
        f"  {settings.SITE_URL}/set-up/?token={setup_token()}",
    ]
