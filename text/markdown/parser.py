"""The parser with all its rules."""

import re

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from text.addresses import address
from text.attached import NAMED
from text.delimiters import maths_plugin
from text.limits import NESTING_MAX
from text.markdown.footnotes import (
    footnote_item,
    footnote_mark,
    footnote_return,
    footnote_section,
    short_footnote_ref,
)
from text.markdown.renderer import Renderer
from text.markdown.rules import bounded_table, line_end, name_in_python
from text.pasted import pasted_plugin
from text.shape import refuse_deep_blocks, shape
from text.tags import tags_plugin

SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:|[^:/?#]*(?:[/?#]|$))", re.IGNORECASE)


class Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Whether a link may lead there: the web, mail, this site, or a file of it."""
        address = url.strip()
        return bool(SAFE_ADDRESS.match(address) or NAMED.fullmatch(address))


def build() -> Parser:
    options = {
        "html": False,
        "tasklists": True,
        "xhtmlOut": False,
        "maxNesting": NESTING_MAX + 2,
    }
    parser = Parser("commonmark", options, renderer_cls=Renderer)
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    maths_plugin(parser)
    pasted_plugin(parser)
    tags_plugin(parser)
    parser.inline.ruler.at("newline", line_end)
    parser.inline.ruler.before("emphasis", "name_in_python", name_in_python)
    parser.inline.ruler.before("newline", "address", address)
    footnote_plugin(parser, inline=False)
    parser.inline.ruler.at("footnote_ref", short_footnote_ref)
    parser.core.ruler.after("block", "refuse_deep_blocks", refuse_deep_blocks)
    parser.core.ruler.push("shape", shape)
    parser.add_render_rule("footnote_block_open", footnote_section)
    parser.add_render_rule("footnote_ref", footnote_mark)
    parser.add_render_rule("footnote_open", footnote_item)
    parser.add_render_rule("footnote_anchor", footnote_return)
    return parser


PARSER = build()
