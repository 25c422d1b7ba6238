import ast

import pytest

from operate import style

NESTED = "x = a if b else (c if d else e)"
TWO_FORS = "x = [b for a in c for b in a]"
TWO_IFS = "x = {a for a in b if a if a > 1}"


def rules(sources: dict[str, str]) -> list[str]:
    return [breach.rule for breach in style.breaches_of_python(sources)]


def test_a_condition_inside_another_is_a_breach() -> None:
    assert rules({"a.py": NESTED}) == ["nested condition"]
    assert rules({"a.py": "x = a if b else c"}) == []


@pytest.mark.parametrize("source", [TWO_FORS, TWO_IFS])
def test_a_comprehension_with_two_fors_or_two_ifs_is_a_breach(source: str) -> None:
    assert rules({"a.py": source}) == ["dense comprehension"]
    assert rules({"a.py": "x = [a for a in b if a]"}) == []


def test_the_second_class_of_a_name_is_a_breach() -> None:
    sources = {"a.py": "class Line: ...", "b.py": "class Line: ..."}

    found = style.breaches_of_python(sources)

    assert [(each.rule, each.path) for each in found] == [("class name", "b.py")]


def test_rows_and_their_documents_may_share_a_name() -> None:
    assert rules({"a.py": "class Step: ...", "b.py": "class Step: ..."}) == []


@pytest.mark.parametrize(
    "source", ["def found(): ...", "class _Place: ...", "def here(): ..."]
)
def test_a_name_that_says_nothing_is_a_breach(source: str) -> None:
    assert rules({"a.py": source}) == ["vague name"]


def test_a_module_called_utils_is_a_breach() -> None:
    assert rules({"papers/utils.py": ""}) == ["vague name"]


def test_a_long_line_of_css_is_a_breach() -> None:
    text = ".a { color: red; }\n" + ".b { color: blue; }" * 9

    found = list(style.long_css_lines("a.css", text))

    assert [(each.path, each.line) for each in found] == [("a.css", 2)]


@pytest.mark.parametrize(
    "source",
    [
        "assert page.locator('li').count() == 3",
        "if row.is_visible(): ...",
        "for each in rows.all(): ...",
        "page.wait_for_timeout(100)",
        "page.wait_for_load_state('networkidle')",
        "address = noor.page.url",
        "with page.expect_response(saved):\n    pass",
    ],
)
def test_what_is_read_of_a_page_without_waiting_is_a_breach(source: str) -> None:
    found = list(style.hasty_reads("browser_tests/test_a.py", ast.parse(source)))

    assert [each.rule for each in found] == ["hasty read"]


def test_what_waits_or_counts_something_else_is_none() -> None:
    source = """
expect(rows).to_have_count(3)
assert text.count("FROM ") == 2
with page.expect_response(saved):
    button.click()
page.wait_for_load_state()
assert request.url == address
"""

    assert list(style.hasty_reads("browser_tests/test_a.py", ast.parse(source))) == []
