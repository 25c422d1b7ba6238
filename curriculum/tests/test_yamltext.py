import pytest

from curriculum import yamltext
from curriculum.yamltext import Mapping, Scalar, Unreadable, parse


def refusal(text: str | bytes) -> tuple[int, str]:
    with pytest.raises(Unreadable) as caught:
        parse(text)
    return caught.value.line, caught.value.message


def test_nodes_know_their_lines_and_whether_they_were_quoted():
    tree = parse("a: 1\nb:\n  - 'two'\n  - {c: d}\n")

    assert isinstance(tree, Mapping)
    (_, one), (_, items) = tree.pairs
    assert one == Scalar(1, "1", plain=True)
    assert items.items == [Scalar(3, "two", plain=False), Mapping(4, [(Scalar(4, "c", True), Scalar(4, "d", True))])]


def test_windows_line_ends_and_a_byte_order_mark_are_plain_text():
    assert parse(b"\xef\xbb\xbfa: b\r\nc: d\r\n") == parse("a: b\nc: d\n")


@pytest.mark.parametrize("text", ["", "   \n", "# only a remark\n", b""])
def test_an_empty_file_says_so(text):
    assert refusal(text) == (1, "The file is empty.")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b: c", 1, "put the value in quotes"),
        ("a: @x", 1, "put it in quotes"),
        ("a: 1\nb:\n\tc: d", 3, "put it in quotes"),
        ("a: \tb\n\tc: d", 2, "use spaces"),
        ("a: 1\nb: [1, 2\nc: 3", 2, "not closed"),
        ("a: 1\nb: 'x\ny\n", 2, "inside quotes"),
        ("- a\nb: c", 2, "does not fit the list above"),
        ("a: 'b' c", 1, "does not fit"),
        ("a: - b", 1, "a line of its own"),
        ('a: "\\q"', 1, "A backslash in double quotes"),
        ("a: |x\n b", 1, "not readable as YAML: "),
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
    ids=["laughs", "loop", "tag", "include", "lists", "mappings", "dashes", "keys", "items", "long", "open quote"],
)
def test_bombs_are_refused(bomb):
    refusal(bomb)


def test_a_parser_error_without_a_mark_is_on_line_one(monkeypatch):
    monkeypatch.setattr(yamltext.yaml, "parse", lambda *_, **__: (_ for _ in ()).throw(yamltext.yaml.YAMLError("odd")))

    assert refusal("a: 1") == (1, "This is not readable as YAML: odd.")
