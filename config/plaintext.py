"""Text is data until one named function says otherwise.

Django marks the output of every template as safe HTML, a text file with
`autoescape off` included. A mail's text part that went into a page as it
came would be HTML there. So text templates are rendered here and nowhere
else, and what leaves is a plain `str`, which a page escapes.
config/tests/test_safe_text.py holds it.
"""

from collections.abc import Mapping
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeData


def plain(text: str) -> str:
    """The same characters without the mark that says "this is HTML
    already".

    Neither `str(text)` nor `f"{text}"` takes it off: both give a
    SafeString back as it is.
    """
    return str.__str__(text) if isinstance(text, SafeData) else text


def render_text(template: str, context: Mapping[str, Any]) -> str:
    """A text template, filled in; plain text that no page takes for HTML."""
    return plain(get_template(template).render(dict(context)))
