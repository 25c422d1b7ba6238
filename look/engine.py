"""Django's engine for Jinja2, with three differences: what a view gives goes before
what a context processor gives, as in Django's own templates, a view's dictionary stays
as it is, and all forms of a response have the same token.
"""

from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.template.backends import jinja2 as django_jinja2
from django.utils.safestring import SafeString

from look.around import looked_up_once
from look.tokens import hidden_field


def form_token(request: HttpRequest) -> SafeString:
    """The hidden field with the token of the forms of a response.

    The token is written in another way for each response, so that compression does not
    tell it (BREACH). Within a response one way is enough.
    """
    secret = request.META.get("CSRF_COOKIE")  # signing in changes it
    kept: tuple[str, SafeString] | None = getattr(request, "_form_token", None)
    if kept is None or kept[0] != secret:
        field = hidden_field(request)
        kept = (request.META["CSRF_COOKIE"], field)
        request._form_token = kept  # type: ignore[attr-defined]
    return kept[1]


class FormToken:
    """Shown in a template: the hidden field of the response. Who shows none has none."""

    __slots__ = ("request",)

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __html__(self) -> str:
        return form_token(self.request)

    __str__ = __html__


class Template(django_jinja2.Template):
    backend: "Jinja2"

    def render(
        self,
        context: dict[str, Any] | None = None,
        request: HttpRequest | None = None,
    ) -> str:
        return self.filled({**self.of_request(request), **(context or {})})

    def filled(self, context: dict[str, Any]) -> str:
        with looked_up_once():
            return super().render(context)

    def of_request(self, request: HttpRequest | None) -> dict[str, Any]:
        if request is None:
            return {}
        values: dict[str, Any] = {}
        for processor in self.backend.template_context_processors:
            values |= processor(request)
        return {
            **values,
            "request": request,
            "csrf_input": FormToken(request),
        }


class Jinja2(django_jinja2.Jinja2):
    template_class: type[Template] = Template

    def from_string(self, template_code: str) -> Template:
        return self.template_class(self.env.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        compiled = super().get_template(template_name).template
        return self.template_class(compiled, self)


def load_templates() -> None:
    """Load each of our templates, so that no page of this process waits for it."""
    environment = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in environment.list_templates():
        environment.get_template(name)
