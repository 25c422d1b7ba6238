"""Text from members and curators, and from arXiv, into HTML that is safe on a page. Knows no Django."""

from richtext.inline import render_inline
from richtext.limits import TEXT_MAX, TextRefused
from richtext.markdown import handles, render
from richtext.plaintext import plain

# Raise it when the same text gives other HTML: what is stored is then rendered again.
PIPELINE_VERSION = 1

__all__ = ["PIPELINE_VERSION", "TEXT_MAX", "TextRefused", "handles", "plain", "render", "render_inline"]
