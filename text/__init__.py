"""Text from members and curators, and from arXiv, into HTML that
is safe on a page.

Knows no Django.
"""

from text.attached import Attachment, Attachments
from text.inline import render_inline
from text.limits import TEXT_MAX, TextRefused
from text.markdown import render
from text.plaintext import plain
from text.rendered import Rendered, rendered
from text.shape import handles_in
from text.titles import plain_title

# Raise it when the same text gives other HTML: what is stored is then
# rendered again. The indexes that find it name the version, so a migration
# comes with each step (lists/online.py, decision 0084).
PIPELINE_VERSION = 10

__all__ = [
    "PIPELINE_VERSION",
    "TEXT_MAX",
    "Attachment",
    "Attachments",
    "Rendered",
    "TextRefused",
    "handles_in",
    "plain",
    "plain_title",
    "render",
    "render_inline",
    "rendered",
]
