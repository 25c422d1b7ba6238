"""The context for owners' pages: which parts of the site do not work."""

from typing import Any

from django.http import HttpRequest

from operate.standing import standstills


def standing(request: HttpRequest) -> dict[str, Any]:
    return {"standstills": standstills}  # called by the pages of owners only
