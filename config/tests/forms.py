"""The forms of a page, read from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

PRESSED = {"submit", "button", "image"}
NOT_TYPED = {*PRESSED, "hidden", "checkbox", "radio", "file", "password"}
Sent = dict[str, list[str]]


@dataclass(slots=True)
class Form:
    action: str
    method: str
    fields: Sent = field(default_factory=dict)
    # names of the fields that somebody types into
    typed: set[str] = field(default_factory=set)


class Reader(HTMLParser):
    """Every form of a page, with every field and every button that
    has a name.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.form, self.select, self.area = Form("", ""), "", ""

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        given = {name: value or "" for name, value in attributes}
        name, kind, value = (
            given.get("name", ""),
            given.get("type", "text"),
            given.get("value", ""),
        )
        if tag == "form":
            self.form = Form(
                given.get("action", ""), given.get("method", "get").lower()
            )
            self.forms.append(self.form)
        elif (
            tag == "option"
            and self.select
            and ("selected" in given or not self.form.fields[self.select])
        ):
            self.form.fields[self.select] = [value]
        elif not name or "csrf" in name:
            return
        elif tag == "select":
            self.select = name
            self.form.fields[name] = []
        elif tag == "textarea":
            self.area = name
            self._type(name, "")
        elif tag == "button" or kind in ("checkbox", "radio", *PRESSED):
            self.form.fields.setdefault(name, [value])
        elif tag == "input" and kind in NOT_TYPED:
            self.form.fields[name] = [value]
        elif tag == "input":
            self._type(name, value)

    def _type(self, name: str, value: str) -> None:
        self.form.fields[name] = [value]
        self.form.typed.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = Form("", "")  # fields outside of forms go nowhere
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area:
            self.form.fields[self.area][0] += data
