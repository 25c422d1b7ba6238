"""Words that were typed when the session had ended: kept in the new session until their form is shown again."""

from typing import Any

from django.http import HttpRequest

KEY = "kept_text"
LENGTH_MAX = 100_000
NEVER_KEPT = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code", "token"}


def keep(request: HttpRequest) -> None:
    """Keep the posted fields for the address they were posted to; too long a text is not kept."""
    fields = {name: value for name, value in request.POST.items() if name not in NEVER_KEPT and isinstance(value, str)}
    if fields and sum(map(len, fields.values())) <= LENGTH_MAX:
        request.session[KEY] = {"path": request.path, "fields": fields}


def take(request: HttpRequest, path: str) -> dict[str, Any]:
    """The fields kept for `path`, once; empty where there are none."""
    kept = request.session.get(KEY)
    if not kept or kept["path"] != path:
        return {}
    del request.session[KEY]
    return dict(kept["fields"])
