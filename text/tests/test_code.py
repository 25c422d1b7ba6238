import pytest

from text.code import LANGUAGES, LINE_MAX, highlighted, language_of, lexer_for


@pytest.mark.parametrize(
    "info",
    [
        "python",
        "Python",
        "py",
        '  python title="x"',
        "{python}",
        "{.python .numberLines}",
        "ipython3",
    ],
)
def test_a_fence_may_name_python_in_many_ways(info):
    assert language_of(info) == "python"


@pytest.mark.parametrize("info", ["", "nosuchlanguage", "{}", "<script>", '"'])
def test_what_names_no_language_of_ours_is_plain(info):
    assert language_of(info) == ""
    assert highlighted("a < 1", info) == "a &lt; 1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_lexer(language):
    assert lexer_for(language)


def test_a_line_without_end_is_not_coloured():
    assert "<span" in highlighted("x = 1", "python")
    assert "<span" not in highlighted("x = 1" * LINE_MAX, "python")


def test_words_or_blanks_without_end_are_not_coloured():
    assert "<span" not in highlighted("x = 1" + "\n" * 500, "python")
