"""The Jinja2 environment of every page and mail that is ours (decision 0024)."""

from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

import jinja2
from django.conf import settings
from django.template.defaultfilters import linebreaks_filter, truncatechars
from django.templatetags.static import static as address_of_file
from django.urls import reverse
from django.utils.html import json_script
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import nodes
from jinja2.utils import htmlsafe_json_dumps
from jinja2.visitor import NodeTransformer

from look.addresses import host_of, web_address
from look.around import around
from look.aspects import ASPECTS, aspect_name, mix_bars, shares_in_words
from look.browsers import browser_in_words
from look.compiled import CompiledTemplates, compiler
from look.fields import anchor, as_input, field_kind, fits_input, help_of
from look.frame import navigation, theme_form, topbar
from look.languages import language_in_words
from look.sanitised import sanitised
from look.spaces import Spaces
from look.times import (
    ago,
    exact,
    full_moment,
    hours_minutes,
    in_reader_zone,
    kept_when,
)
from text import plain_title
from text.addresses import pieces

# Every macro of these files is known in every template.
COMPONENTS = (
    "look/icons.html",
    "look/rings.html",
    "look/people.html",
    "look/links.html",
    "look/times.html",
    "look/fields.html",
    "look/saving.html",
)


def environment(
    kind: "type[Environment] | None" = None, **options: Any
) -> "Environment":
    """Made once by Django's engine; `options` are those of the settings."""
    options |= {
        "autoescape": is_escaped,
        "undefined": jinja2.StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
    }
    kind = kind or Environment
    kept = CompiledTemplates(settings.DATA_DIR / "templates", compiler(kind))
    made = kind(bytecode_cache=kept, **options)
    made.add_extension(Spaces)
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals |= GLOBALS
    made.filters |= FILTERS
    for name in COMPONENTS:
        made.globals |= macros(made, name)
    made.globals["when"] = kept_when(macros(made, "look/times.html")["when"])
    return made


def is_escaped(name: str | None) -> bool:
    """Text templates hold no HTML; what they give is plain text, which a page escapes."""
    return name is None or not name.endswith(".txt")


# Drawings that follow from their names alone: each is made once in a process.
KEPT = frozenset(("icon", "mark"))


def macros(environment: jinja2.Environment, name: str) -> dict[str, Any]:
    module = environment.get_template(name).module
    return {
        key: lru_cache(maxsize=200)(value) if key in KEPT else value
        for key, value in vars(module).items()
        if isinstance(value, jinja2.runtime.Macro)
    }


class Environment(jinja2.Environment):
    """With one language the words of a page are put in when it is compiled."""

    def make_globals(self, d: Any) -> Any:
        """The globals of a template: those of the environment, to be read only.

        No template of ours has globals of its own. Jinja would lay the two
        over each other, and walk through both each time that a template
        includes another.
        """
        return super().make_globals(d) if d else MappingProxyType(self.globals)

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        if not settings.USE_I18N:
            source = OneLanguage().visit(source)
        return super()._generate(source, *args, **options)


class OneLanguage(NodeTransformer):
    """Takes the calls of gettext without values out of a template."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        name = getattr(node.node, "name", "")
        if name not in ("_", "gettext") or node.kwargs or len(node.args) != 1:
            return node
        words = node.args[0]
        if not isinstance(words, nodes.Const):
            return node
        # as jinja2.ext.i18n writes a per cent sign in a message
        text = nodes.Const(gettext(words.value) % {}, lineno=node.lineno)
        return nodes.MarkSafeIfAutoescape(text, lineno=node.lineno)


# What an address is kept for: its text follows from the value, which cannot change.
PLAIN = frozenset((str, int, UUID))


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page: `url("curriculum:step", curriculum.slug, step.slug)`."""
    given = (*args, *kwargs.values()) if kwargs else args
    if PLAIN.issuperset(map(type, given)):
        page = around()
        return _address(page.prefix, page.urlconf, name, *args, **kwargs)
    return reverse(name, args=args, kwargs=kwargs)


@lru_cache(maxsize=4_000, typed=True)
def _address(
    prefix: str, urlconf: str | None, name: str, *args: Any, **kwargs: Any
) -> str:
    """The address below `prefix`, as it is while a process runs.

    Whose page asks for it changes nothing in it.
    """
    return reverse(name, urlconf=urlconf, args=args, kwargs=kwargs)


@lru_cache(maxsize=500)
def _hashed_file(path: str) -> str:
    return address_of_file(path)


def static(path: str) -> str:
    """The address of a file in `static/`; it does not change while a process runs."""
    return address_of_file(path) if settings.DEBUG else _hashed_file(path)


# The settings of htmx: no style, script or other site comes in with a partial, and no
# page stays in the browser's storage.
HTMX = {
    "includeIndicatorStyles": False,
    "allowEval": False,
    "allowScriptTags": False,
    "selfRequestsOnly": True,
    "historyCacheSize": 0,
}
GLOBALS: dict[str, Any] = {
    "ASPECTS": ASPECTS,
    "HTMX": htmlsafe_json_dumps(HTMX, sort_keys=True),
    "json_script": json_script,
    "mix_bars": mix_bars,
    "navigation": navigation,
    "shares_in_words": shares_in_words,
    "static": static,
    "theme_form": theme_form,
    "today": localdate,
    "topbar": topbar,
    "url": url,
}
FILTERS: dict[str, Any] = {
    "address_pieces": pieces,
    "ago": ago,
    "anchor": anchor,
    "as_input": as_input,
    "aspect_name": aspect_name,
    "browser_in_words": browser_in_words,
    "capfirst": capfirst,
    "date": in_reader_zone,
    "exact": exact,
    "field_kind": field_kind,
    "fits_input": fits_input,
    "full_moment": full_moment,
    "help_of": help_of,
    "host_of": host_of,
    "hours_minutes": hours_minutes,
    "language_in_words": language_in_words,
    "linebreaks": linebreaks_filter,
    "plain_title": plain_title,
    "sanitised": sanitised,
    "truncatechars": truncatechars,
    "web_address": web_address,
}
