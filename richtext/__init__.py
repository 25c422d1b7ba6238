"""Text from members and curators, and from arXiv, into HTML that is safe on a page. Knows no Django."""

from richtext.inline import render_inline
from richtext.limits import TextRefused
from richtext.markdown import render
from richtext.plaintext import plain

# Raise it when the same text gives other HTML, and stored HTML is rendered again.
PIPELINE_VERSION = 1

__all__ = ["PIPELINE_VERSION", "TextRefused", "plain", "render", "render_inline"]
