"""Markdown in, safe HTML out: the one way by which a member's text reaches a page."""

import html
import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from richtext import code, maths, sanitise
from richtext.addresses import address
from richtext.delimiters import maths_plugin
from richtext.limits import (
    CELLS_MAX,
    FORMULAS_MAX,
    HIGHLIGHT_MAX,
    NESTING_MAX,
    TEXT_MAX,
    TOO_DEEP,
    TOO_LONG,
    TOO_MANY_CELLS,
    TextRefused,
    without_surrogates,
)
from richtext.shape import Mentions, refuse_deep_blocks, shape

Env = MutableMapping[str, Any]

SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:|[^:/?#]*(?:[/?#]|$))", re.IGNORECASE)
DOC_ID = re.compile(r"[A-Za-z0-9-]+")
FOOTNOTE_REF = re.compile(r"\[\^[^\s\]]{1,100}\]")
WIDE = 40  # characters of LaTeX: a formula this long may need to be scrolled on a phone


class Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """Whether a link may lead there: the web, mail, or this site."""
        return bool(SAFE_ADDRESS.match(url.strip()))


class Renderer(RendererHTML):
    """Methods are named for the tokens they render."""

    def math_inline(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        display = tokens[index].markup in ("$$", r"\[")
        formula = self.formula(tokens[index].content, display=display, env=env)
        return scrolling("span", tokens[index].content, formula) if display else formula

    def math_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        content = tokens[index].content
        return scrolling("div", content, self.formula(content, display=True, env=env)) + "\n"

    def formula(self, source: str, *, display: bool, env: Env) -> str:
        env["formulas"] = env.get("formulas", 0) + 1
        return maths.tex(source, display=display) if env["formulas"] <= FORMULAS_MAX else maths.shown_as_source(source)

    def fence(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        token = tokens[index]
        if token.info.strip() == "math":
            return self.math_block(tokens, index, options, env)
        env["code"] = env.get("code", 0) + len(token.content)
        info = token.info if env["code"] <= HIGHLIGHT_MAX else ""
        return f'<pre class="code" tabindex="0"><code>{code.highlighted(token.content, info)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        return f'<pre class="code" tabindex="0"><code>{html.escape(tokens[index].content)}</code></pre>\n'

    def table_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        label = html.escape(tokens[index].meta["label"])
        return f'<div class="table-wrap" tabindex="0" role="region" aria-label="{label}"><table>\n'

    def table_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        return "</table></div>\n"

    def td_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        """Alignment as a class: the Content-Security-Policy drops style attributes."""
        style = str(tokens[index].attrs.pop("style", ""))
        if style:
            tokens[index].attrSet("class", "ta-" + style.rpartition(":")[2])
        return self.renderToken(tokens, index, options, env)

    def th_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        tokens[index].attrSet("scope", "col")
        return self.td_open(tokens, index, options, env)

    def list_item_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
        opening = self.renderToken(tokens, index, options, env)
        if "checked" not in tokens[index].meta:
            return opening
        state = 'aria-label="Done" checked' if tokens[index].meta["checked"] else 'aria-label="To do"'
        return f'{opening}<input type="checkbox" disabled {state}> '


def scrolling(tag: str, source: str, formula: str) -> str:
    focus = ' tabindex="0" role="group" aria-label="Formula"' if len(source) > WIDE else ""
    return f'<{tag} class="math-block"{focus}>{formula}</{tag}>'


def footnote_section(*_: object) -> str:
    return '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">\n<ol class="footnotes-list">\n'


def footnote_mark(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    name, again = footnote_name(tokens[index], env)
    number = tokens[index].meta["id"] + 1
    target = f'<a href="#fn{name}" id="fnref{name}{again}" role="doc-noteref">{number}</a>'
    return f'<sup class="footnote-ref">{target}</sup>'


def footnote_item(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    return f'<li id="fn{footnote_name(tokens[index], env)[0]}" class="footnote-item">'


def footnote_return(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env) -> str:
    name, again = footnote_name(tokens[index], env)
    href = f'href="#fnref{name}{again}"'
    return f' <a {href} class="footnote-backref" role="doc-backlink" aria-label="Back to the text">\u21a9\ufe0e</a>'


def footnote_name(token: Token, env: Env) -> tuple[str, str]:
    """The note's name on the page, and which of its references this is."""
    again = token.meta.get("subId", 0)
    return f"-{env['doc_id']}-{token.meta['id'] + 1}", f"-{again}" if again else ""


def short_footnote_ref(state: StateInline, silent: bool) -> bool:
    """The plugin's own rule would walk to the end of the text for every `[^` that is never closed."""
    return bool(FOOTNOTE_REF.match(state.src, state.pos)) and footnote_ref(state, silent)


def bounded_table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    is_table = table(state, start_line, end_line, True)
    if silent or not is_table:
        return is_table
    columns = state.getLines(start_line + 1, start_line + 2, 0, False).count("|") + 1
    rows = next((line for line in range(start_line, end_line) if state.isEmpty(line)), end_line) - start_line
    if columns * rows > CELLS_MAX:
        raise TextRefused(TOO_MANY_CELLS)
    return table(state, start_line, end_line, False)


def build() -> Parser:
    options = {"html": False, "tasklists": True, "xhtmlOut": False, "maxNesting": NESTING_MAX + 2}
    parser = Parser("commonmark", options, renderer_cls=Renderer)
    parser.enable(["table", "strikethrough"])
    parser.block.ruler.at("table", bounded_table, {"alt": ["paragraph", "reference"]})
    maths_plugin(parser)
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


def render(text: str, *, doc_id: str = "p", mentions: Mentions | None = None) -> str:
    """Safe HTML from Markdown, for a page whose headings down to h2 are taken.

    `doc_id` (letters, digits, hyphens) keeps the footnotes of two texts on one page apart. `mentions` gives the address
    of the member with this handle, or None; it is asked once a handle. Raises TextRefused, whose words are for the
    author; nothing is ever cut.
    """
    text = without_surrogates(text)
    if len(text) > TEXT_MAX:
        raise TextRefused(TOO_LONG)
    if not DOC_ID.fullmatch(doc_id):
        raise AssertionError(f"doc_id {doc_id!r} would not do as part of an id")
    try:
        return sanitise.cleaned(PARSER.render(text, {"doc_id": doc_id, "mentions": mentions}))
    except RecursionError:
        raise TextRefused(TOO_DEEP) from None


def handles(text: str) -> list[str]:
    """Whom the text calls by `@handle`, in order, each once, as typed; not in code or links. Raises TextRefused."""
    called: dict[str, None] = {}
    render(text, mentions=lambda handle: called.setdefault(handle))
    return list(called)
