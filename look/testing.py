"""The engine of the test run: it tells Django's test client what was
rendered, and a method that a template forgot to call is an error.
"""

from inspect import ismethod
from typing import Any, NoReturn

from django.template import Context
from django.test.signals import template_rendered

from look import engine
from look.environment import Environment, environment


class Telling(engine.Template):
    """A template that says what it rendered."""

    @property
    def name(self) -> str | None:
        return self.template.name

    def filled(self, context: dict[str, Any]) -> str:
        template_rendered.send(sender=self, template=self, context=Context(context))
        return super().filled(context)


class Jinja2(engine.Jinja2):
    template_class = Telling


class CarefulEnvironment(Environment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        value = super().getattr(obj, attribute)
        return Uncalled(value) if ismethod(value) else value


class Uncalled:
    """A method before it is called.

    Django's templates call it by themselves; in Jinja2 it would count as
    true and show its name.
    """

    def __init__(self, method: Any) -> None:
        self.method = method

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.method(*args, **kwargs)

    def complain(self, *args: object) -> NoReturn:
        name = getattr(self.method, "__qualname__", self.method)
        raise AssertionError(f"A template does not call the method {name}.")

    __bool__ = __eq__ = __html__ = __iter__ = __len__ = __str__ = complain  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def careful_environment(**options: Any) -> Environment:
    return environment(kind=CarefulEnvironment, **options)
