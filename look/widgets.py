"""How widgets of forms become HTML: by the Jinja2 templates that Django has for its own
widgets, which take a third of the time of those in its other language.
"""

from typing import Any

from django.forms.renderers import (
    BaseRenderer,
    DjangoTemplates,
    Jinja2,
    TemplatesSetting,
)
from django.template.exceptions import TemplateDoesNotExist


class WidgetRenderer(BaseRenderer):
    """Django's widgets in Jinja2, the admin's in Django's language, and then ours, whose
    templates are among those of pages.
    """

    def __init__(self) -> None:
        self.renderers = (Jinja2(), DjangoTemplates(), TemplatesSetting())
        self.templates: dict[str, Any] = {}

    def get_template(self, template_name: str) -> Any:
        """The template; each is looked for once in a process."""
        if template_name not in self.templates:
            self.templates[template_name] = self._find(template_name)
        return self.templates[template_name]

    def _find(self, name: str) -> Any:
        for renderer in self.renderers:
            try:
                return renderer.get_template(name)
            except TemplateDoesNotExist:
                continue
        raise TemplateDoesNotExist(name)
