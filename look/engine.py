"""Django's engine for Jinja2, with two differences: what a view gives goes before what
a context processor gives, as in Django's own templates, and a view's dictionary stays
as it is.
"""

from typing import Any

from django.http import HttpRequest
from django.template.backends import jinja2 as django_jinja2
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy


class Template(django_jinja2.Template):
    backend: "Jinja2"

    def render(
        self,
        context: dict[str, Any] | None = None,
        request: HttpRequest | None = None,
    ) -> str:
        return self.filled({**self.of_request(request), **(context or {})})

    def filled(self, context: dict[str, Any]) -> str:
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
            "csrf_input": csrf_input_lazy(request),
            "csrf_token": csrf_token_lazy(request),
        }


class Jinja2(django_jinja2.Jinja2):
    template_class: type[Template] = Template

    def from_string(self, template_code: str) -> Template:
        return self.template_class(self.env.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        compiled = super().get_template(template_name).template
        return self.template_class(compiled, self)
