"""Footnotes as HTML, and the rule that reads them."""

import re
from collections.abc import Sequence

from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote.index import footnote_ref

from text.markdown.renderer import Env

FOOTNOTE_REF = re.compile(r"\[\^[^\s\]]{1,100}\]")


def footnote_section(*_: object) -> str:
    return (
        '<section class="footnotes" role="doc-endnotes" '
        'aria-label="Footnotes">\n<ol class="footnotes-list">\n'
    )


def footnote_mark(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: Env,
) -> str:
    name, again = footnote_name(tokens[index], env)
    number = tokens[index].meta["id"] + 1
    target = (
        f'<a href="#fn{name}" id="fnref{name}{again}" role="doc-noteref">{number}</a>'
    )
    return f'<sup class="footnote-ref">{target}</sup>'


def footnote_item(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: Env,
) -> str:
    return f'<li id="fn{footnote_name(tokens[index], env)[0]}" class="footnote-item">'


def footnote_return(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: Env,
) -> str:
    name, again = footnote_name(tokens[index], env)
    href = f'href="#fnref{name}{again}"'
    return (
        f' <a {href} class="footnote-backref" role="doc-backlink" aria-label="Back '
        'to the text">\u21a9\ufe0e</a>'
    )


def footnote_name(token: Token, env: Env) -> tuple[str, str]:
    """The note's name on the page, and which of its references this is."""
    name = f"-{env['doc_id']}-{token.meta['id'] + 1}"
    again = token.meta.get("subId", 0)
    if not again:
        return name, ""
    return name, f"-{again}"


def short_footnote_ref(state: StateInline, silent: bool) -> bool:
    """The plugin's own rule would walk to the end of the text for every
    `[^` that is never closed.
    """
    return bool(FOOTNOTE_REF.match(state.src, state.pos)) and footnote_ref(
        state, silent
    )
