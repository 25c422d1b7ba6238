"""Tokens as HTML."""

import html
from collections.abc import MutableMapping, Sequence
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from text import code, maths
from text.limits import FORMULAS_MAX, HIGHLIGHT_MAX, colours_at_most
from text.texwords import named

Env = MutableMapping[str, Any]

WIDE = 40  # characters of LaTeX: a formula this long may need to be scrolled on a phone


class Renderer(RendererHTML):
    """Methods are named for the tokens they render."""

    def math_inline(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        token = tokens[index]
        display = token.markup in ("$$", r"\[")
        formula = self.formula(token.content, display=display, env=env)
        if token.meta.get("named"):
            formula = named(formula, token.content)
        if display:
            return scrolling("span", token.content, formula)
        return formula

    def math_block(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        content = tokens[index].content
        return (
            scrolling("div", content, self.formula(content, display=True, env=env))
            + "\n"
        )

    def formula(self, source: str, *, display: bool, env: Env) -> str:
        env["formulas"] = env.get("formulas", 0) + 1
        if env["formulas"] <= FORMULAS_MAX:
            return maths.tex(source, display=display)
        return maths.shown_as_source(source)

    def fence(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        token = tokens[index]
        if token.info.strip() == "math":
            return self.math_block(tokens, index, options, env)
        env["code"] = env.get("code", 0) + len(token.content)
        html = ""
        if env["code"] <= HIGHLIGHT_MAX:
            html = code.highlighted(token.content, token.info)
        if not html or len(html) > colours_at_most(len(token.content)):
            html = code.highlighted(token.content, "")
        return f'<pre class="code" tabindex="0"><code>{html}</code></pre>\n'

    def code_block(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        return (
            '<pre class="code" '
            f'tabindex="0"><code>{html.escape(tokens[index].content)}</code></pre>\n'
        )

    def softbreak(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        if not env.get("breaks"):
            return "\n"
        indent = tokens[index].meta.get("indent", 0)
        if indent <= 1:
            return "<br>\n"
        return "<br>\n" + "&nbsp;" * indent

    def hardbreak(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        return "<br>\n"

    def small_tag_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        return f"<{tokens[index].tag}>"

    def small_tag_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        return f"</{tokens[index].tag}>"

    def details_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        return f"<{tokens[index].tag}{self.renderAttrs(tokens[index])}>"

    def details_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        return f"</{tokens[index].tag}>\n"

    summary_open, summary_close = details_open, details_close

    def table_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        label, direction = (
            html.escape(tokens[index].meta["label"]),
            self.renderAttrs(tokens[index]),
        )
        return (
            '<div class="table-wrap" tabindex="0" role="region" '
            f'aria-label="{label}"><table{direction}>\n'
        )

    def table_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        return "</table></div>\n"

    def td_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        """Alignment as a class: the Content-Security-Policy drops
        style attributes.
        """
        style = str(tokens[index].attrs.pop("style", ""))
        if style:
            tokens[index].attrSet("class", "ta-" + style.rpartition(":")[2])
        return self.renderToken(tokens, index, options, env)

    def th_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        tokens[index].attrSet("scope", "col")
        return self.td_open(tokens, index, options, env)

    def list_item_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
    ) -> str:
        opening = self.renderToken(tokens, index, options, env)
        if "checked" not in tokens[index].meta:
            return opening
        if tokens[index].meta["checked"]:
            state = 'aria-label="Done" checked'
        else:
            state = 'aria-label="To do"'
        return f'{opening}<input type="checkbox" disabled {state}> '


def scrolling(tag: str, source: str, formula: str) -> str:
    focus = ""
    if len(source) > WIDE:
        focus = ' tabindex="0" role="group" aria-label="Formula"'
    return f'<{tag} class="math-block"{focus}>{formula}</{tag}>'
