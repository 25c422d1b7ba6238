"""Parts of pages, put into a page that can be checked."""

import re
from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# What stands only in something else.
PARENTS = {
    "li": "ul",
    "tr": "table",
    "option": "select",
    "dt": "dl",
    "dd": "dl",
}
FORM = re.compile(r'\sform="([^"]+)"')
PAGE = """<!doctype html>
<html lang="en"><head><title>Part of a page</title></head><body>
<h1>Part of a page</h1><h2>Before it</h2>
%s
</body></html>
"""


def as_page(html: str) -> str:
    """The page itself, or a page that holds this part of one.

    htmx puts each element where it belongs; an element that stands only in a list, a
    table or a menu is given one.
    """
    if html.lstrip()[:15].lower() == "<!doctype html>":
        return html
    reader = _Outermost(html)
    elements = [_within(tag, element) for tag, element in reader.elements]
    return PAGE % "\n".join([*elements, *_forms_of_the_page(html)])


def _forms_of_the_page(html: str) -> list[str]:
    """The forms that fields of the part name, and that stand elsewhere on the page."""
    named = sorted(set(FORM.findall(html)))
    return [
        f'<form id="{name}"></form>' for name in named if f'id="{name}"' not in html
    ]


def _within(tag: str, element: str) -> str:
    parent = PARENTS.get(tag)
    return f"<{parent}>{element}</{parent}>" if parent else element


class _Outermost(HTMLParser):
    """The elements of a part that stand in no other of it, with their tags."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.elements: list[tuple[str, str]] = []
        self._starts = [0]
        for line in html.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._html, self._open, self._begin = html, 0, 0
        self._tag = ""
        self.feed(html)
        self.close()

    def _position(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        if not self._open:
            self._tag, self._begin = tag, self._position()
        if tag in VOID and not self._open:
            self.elements.append((tag, self.get_starttag_text() or ""))
        elif tag not in VOID:
            self._open += 1

    def handle_startendtag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        if not self._open:
            self.elements.append((tag, self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        self._open -= 1
        if not self._open:
            end = self._html.index(">", self._position()) + 1
            self.elements.append((self._tag, self._html[self._begin : end]))
