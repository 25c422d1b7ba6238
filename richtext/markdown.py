"""Markdown in, safe HTML out: the one way by which a member's text reaches a page."""

from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from richtext import code, maths, sanitise
from richtext.limits import TEXT_MAX, TextRefused


def render_math(source: str, options: dict[str, Any]) -> str:
    return maths.tex(source.strip(), display=bool(options.get("display_mode")))


def render_cell(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    style = str(tokens[index].attrs.pop("style", ""))
    if style:
        tokens[index].attrSet("class", "ta-" + style.rpartition(":")[2])
    return self.renderToken(tokens, index, options, env)


def build() -> MarkdownIt:
    options = {
        "html": False,
        "linkify": True,
        "highlight": lambda source, language, _: code.highlighted(source, language),
    }
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough", "linkify"])
    parser.use(dollarmath_plugin, renderer=render_math, double_inline=True, allow_space=False, allow_digits=False)
    parser.use(footnote_plugin).use(tasklists_plugin, enabled=False)
    parser.add_render_rule("td_open", render_cell)
    parser.add_render_rule("th_open", render_cell)
    return parser


PARSER = build()


def render(text: str, *, doc_id: str = "p", mentions: Callable[[str], str | None] | None = None) -> str:
    """Safe HTML. `doc_id` keeps the footnote ids of two texts on one page apart; `mentions` gives the address of the
    member with this handle, or None. Raises TextRefused."""
    if len(text) > TEXT_MAX:
        raise TextRefused(f"This text is longer than {TEXT_MAX:,} characters. Please split it.")
    return sanitise.cleaned(PARSER.render(text, {"docId": doc_id}))
