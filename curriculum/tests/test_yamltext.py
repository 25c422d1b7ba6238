import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum import yamltext
from curriculum.yamltext import Mapping, Scalar, Unreadable, parse, read, reading


def refusal(text: str | bytes) -> tuple[int, str]:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    return caught.value.line, caught.value.message


def test_nodes_know_their_lines_and_whether_they_were_quoted():
    tree = parse("a: 1\nb:\n  - 'two'\n  - {c: d}\n")

    assert isinstance(tree, Mapping)
    (_, one), (_, items) = tree.pairs
    assert one == Scalar(1, "1", plain=True)
    assert items.items == [
        Scalar(3, "two", plain=False),
        Mapping(4, [(Scalar(4, "c", True), Scalar(4, "d", True))]),
    ]


def test_every_line_that_cannot_be_indented_so_comes_at_once():
    text = read("a:\n\tb: c\n\td: e\nf: |\n  x\n  \ty\ng:\n\u00a0\u00a0h: i\n")

    assert text.faults == [(2, yamltext.TAB), (3, yamltext.TAB)]
    assert text.root is not None


@pytest.mark.parametrize(
    "letter", [chr(code) for code in range(32, 127) if chr(code) not in '\\"']
)
def test_every_escape_in_double_quotes_is_reported(letter):
    tree = parse(f'a: 1\nb: "x\n\n  y \\{letter}heta"\n')

    assert tree.pairs[1][1].fault == (4, yamltext.BACKSLASH)


@given(st.text(alphabet="\\\"'nxtu0U1 aé\u00a0\t#:-\n", max_size=12))
def test_what_stands_in_double_quotes_is_what_it_shows_or_is_reported(inside):
    text = read(f'a: "{inside}"\n')

    value = (
        text.root.pairs[0][1]
        if text.root and not text.faults and len(text.root.pairs) == 1
        else None
    )
    if isinstance(value, Scalar) and not value.fault and not value.plain:
        raw = inside[: re.match(r'([^"\\]|\\.)*', inside, re.DOTALL).end()]
        shown = raw.replace("\\\\", "\0").replace('\\"', '"').replace("\0", "\\")
        assert value.text.split() == shown.split()


def test_a_backslash_means_nothing_in_single_quotes_blocks_and_plain_text():
    tree = parse(
        "a: '$\\theta$'\nb: $\\theta$\nc: |\n  $\\theta$ \\\\ \\n\nd: \"$\\\\theta$\"\n"
    )

    texts = [value.text for _, value in tree.pairs]
    assert texts == ["$\\theta$", "$\\theta$", "$\\theta$ \\\\ \\n\n", "$\\theta$"]
    assert not any(value.fault for _, value in tree.pairs)


def test_windows_line_ends_and_a_byte_order_mark_are_plain_text():
    plain = parse("a: b\nc: d\n")

    assert parse(b"\xef\xbb\xbfa: b\r\nc: d\r\n") == plain
    assert parse("a: b\rc: d\r") == plain


@pytest.mark.parametrize("text", ["", "   \n", "# only a remark\n", b""])
def test_an_empty_file_says_so(text):
    assert refusal(text) == (1, "The file is empty.")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b: c", 1, "put the value in quotes"),
        ("a: @x", 1, "put it in quotes"),
        ("a: 1\nb:\n\tc: d", 3, "indented with a tab: use spaces"),
        ("a: 1\nb:\n  \t c: d\n", 3, "indented with a tab: use spaces"),
        ("a: \tb\n\tc: d", 2, "use spaces"),
        ("a:\n  b: c\n \u00a0d: e", 3, "use ordinary spaces"),
        ("a: “b: c”", 1, "Curly quotes mean nothing in YAML"),
        ("a: *bold* b", 1, "which YAML keeps"),
        ("a: 1\nb: [1, 2\nc: 3", 2, "not closed"),
        ("a: 1\nb: 'x\ny\n", 2, "inside quotes"),
        ("- a\nb: c", 2, "does not fit the list above"),
        ("a: 'b' c", 1, "does not fit"),
        ("a: - b", 1, "a line of its own"),
        ("a: |x\n b", 1, "begins on the next line"),
        ("a: > b", 1, "begins on the next line"),
        ("---\na: 1\n---\nb: 2", 3, "a second document"),
        ("a: 1\nb: \x07", 2, "(U+0007)"),
        ("a: 1\nb: \ud800", 2, "not UTF-8"),
        (b"a: 1\nb: \xff", 2, "not UTF-8"),
        ("a: 1\nb: c\x00d", 2, "(U+0000)"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_in_plain_words(text, line, words):
    found, message = refusal(text)

    assert (found, words in message) == (line, True), message


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: &a [*a]",
        "a: !!python/object/apply:os.system ['true']",
        "a: !include /etc/passwd",
        "[" * 500_000,
        "{a: " * 300_000,
        "- " * 500_000,
        "? " * 500_000,
        "[a," + "a," * 900_000,
        "x" * (yamltext.BYTES_MAX + 1),
        "a: '" + "\n\n" * 900_000,
    ],
    ids=[
        "laughs",
        "loop",
        "tag",
        "include",
        "lists",
        "mappings",
        "dashes",
        "keys",
        "items",
        "long",
        "open quote",
    ],
)
def test_bombs_are_refused(bomb):
    refusal(bomb)


def test_a_parser_error_without_a_mark_is_on_line_one(monkeypatch):
    monkeypatch.setattr(
        reading.yaml,
        "parse",
        lambda *_, **__: (_ for _ in ()).throw(reading.yaml.YAMLError("odd")),
    )

    assert refusal("a: 1") == (1, "This is not readable as YAML: odd.")
