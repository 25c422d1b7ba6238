"""Text is data until one named function says otherwise: this reads the
code for every other way to make it HTML.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.utils.html import format_html
from django.utils.safestring import SafeData, SafeString, mark_safe

from config.plaintext import plain, render_text

ROOT = Path(__file__).parents[2]
APPS = (
    "config",
    "members",
    "curriculum",
    "papers",
    "progress",
    "community",
    "mail",
    "operate",
    "lists",
    "look",
    "text",
)
OURS = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if not {"tests", "migrations"} & set(path.parts)
)
TEMPLATES = sorted(ROOT.glob("*templates/**/*.*"))

# Who may say that a text is HTML, and why that is true.
MARKS_SAFE = {
    "look/cards.py": "it keeps what a template gave, which escapes what it shows",
    "look/sanitised.py": "it shows HTML that text/ cleaned before it was stored",
    "members/adapters.py": "the QR code of an authenticator app is drawn from bits",
}
# Whose objects are HTML wherever they are shown, and why no text of a person is in it.
MAKES_HTML = {"look/engine.py": "the hidden field of a form, which Django makes"}
# Who may hand over a pattern that is not written out at the call, and why
# no text of a person is in the pattern.
MAKES_PATTERNS: dict[str, str] = {}
MARKERS = {"mark_safe", "SafeString", "SafeText", "html_safe", "Markup"}
PATTERNS = {"format_html": 0, "format_html_join": 1}


def name_of(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr
        if isinstance(function, ast.Attribute)
        else getattr(function, "id", "")
    )


def renders_a_template(call: ast.Call) -> bool:
    """`render_to_string(...)` or `get_template(...).render(...)`; the
    shortcut `render` makes a whole answer.
    """
    if name_of(call) == "render_to_string":
        return True
    source = call.func.value if isinstance(call.func, ast.Attribute) else None
    return (
        name_of(call) == "render"
        and isinstance(source, ast.Call)
        and "template" in name_of(source)
    )


def is_written_out(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.IfExp(body=body, orelse=other):
            return is_written_out(body) and is_written_out(other)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_written_out(left) and is_written_out(right)
    return False


def faults(source: str, name: str) -> Iterator[str]:
    """Where a text is declared HTML, a pattern is computed, or a
    template's output goes on as it came.
    """
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made_plain = {
        id(argument)
        for call in calls
        if name_of(call) == "plain"
        for argument in call.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called, line = name_of(node), f"{name}:{node.lineno}"
            if (
                called in MARKERS
                and name not in MARKS_SAFE
                and not (node.args and is_written_out(node.args[0]))
            ):
                yield f"{line} marks a text as HTML"
            if called in PATTERNS and name not in MAKES_PATTERNS:
                at = PATTERNS[called]
                if len(node.args) <= at or not is_written_out(node.args[at]):
                    yield f"{line} computes the pattern of {called}"
            if (
                renders_a_template(node)
                and name not in MARKS_SAFE
                and id(node) not in made_plain
            ):
                words = "lets a template's output go on as HTML; "
                yield f"{line} {words}wrap it in config.plaintext.plain"
        makes_html = isinstance(node, ast.FunctionDef) and node.name == "__html__"
        if makes_html and name not in MAKES_HTML:
            yield f"{name}:{node.lineno} makes a class HTML"
        if isinstance(node, ast.ClassDef) and any(
            "dataclass" in ast.dump(each) for each in node.decorator_list
        ):
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and "Safe" in ast.unparse(
                    field.annotation
                ):
                    yield f"{name}:{field.lineno} keeps HTML in a dataclass"


def test_only_the_named_places_say_that_a_text_is_html() -> None:
    found = [
        fault
        for path in OURS
        for fault in faults(path.read_text(), str(path.relative_to(ROOT)))
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "mark_safe(post.title)",
        "safestring.SafeString(text)",
        "format_html(f'<b>{name}</b>')",
        "format_html('<b>' + name)",
        "format_html_join('', row, rows)",
        "render_to_string('mail/letters/digest.txt', context)",
        "get_template('a.txt').render(context)",
        "class A:\n    def __html__(self): return self.title",
        "@dataclass\nclass A:\n    title: SafeString",
    ],
)
def test_the_reader_of_the_code_would_have_noticed(source: str) -> None:
    assert list(faults(source, "community/views.py"))


def test_every_named_place_is_still_needed() -> None:
    for name in (*MARKS_SAFE, *MAKES_PATTERNS):
        assert list(faults((ROOT / name).read_text(), "elsewhere.py")), name


def test_no_template_switches_escaping_off_for_a_page() -> None:
    wrong = re.compile(
        r"\|\s*safe(seq)?\b|\{%-?\s*filter safe|autoescape\s+(off|false)|\bMarkup\b"
    )
    found = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if path.suffix == ".html" and wrong.search(path.read_text())
    ]

    assert found == []
    assert wrong.search("{% autoescape off %}")
    assert wrong.search("{% autoescape false %}")
    assert wrong.search("{{ title|safe }}")


def test_plain_takes_the_mark_off() -> None:
    marked = mark_safe("<b>")

    assert isinstance(str(marked), SafeString)  # why it is a function of its own
    assert type(plain(marked)) is str
    assert plain(marked) == "<b>"
    assert format_html("{}", plain(marked)) == "&lt;b&gt;"


def test_a_text_template_leaves_as_plain_text() -> None:
    context = {
        "code": "<a hx-post=/>",
        "code_minutes": 15,
        "SITE_URL": "http://testserver",
        "group": {"name": "<b>A & B</b>"},
        "email": "a@b.c",
    }

    text = render_text("account/email/login_code_message.txt", context)

    assert not isinstance(text, SafeData)
    assert "<a hx-post=/>" in text
    page = engines["django"].from_string("{{ text|urlize }}").render({"text": text})
    assert "<a hx-post" not in page
