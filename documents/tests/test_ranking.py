"""Which documents come first."""

from documents.query import parse
from documents.ranking import PATTERNS_MAX, Ranking


def order(typed: str, *words: str) -> list[int]:
    scores = Ranking.of(parse(typed)).scores(words)
    return sorted(range(len(words)), key=lambda place: -scores[place])


def test_titles_before_texts() -> None:
    assert order("adam ", "#post . adam", "#post adam .") == [1, 0]


def test_often_before_once_and_short_before_long() -> None:
    assert order("adam ", "#post . adam x", "#post . adam adam") == [1, 0]
    long = "#post . adam" + " x" * 500
    assert order("adam ", long, "#post . adam") == [1, 0]


def test_words_that_follow_each_other_before_scattered_ones() -> None:
    assert order(
        "weight decay ", "#post . decay of a weight", "#post . weight decay"
    ) == [
        1,
        0,
    ]


def test_the_newest_first_of_what_is_equally_good() -> None:
    assert order("adam ", "#post . adam", "#post . adam") == [0, 1]


def test_the_words_of_a_phrase_count_too() -> None:
    once, twice = "#post . weight decay", "#post . weight decay weight decay"
    assert order('"weight decay"', once, twice) == [1, 0]


def test_a_search_looks_for_a_bounded_number_of_words_in_each_document() -> None:
    letters = "b c d e f g h j k l m n o p q r "
    typed = f'{letters}"{letters}" "{letters[::-1]}"'

    assert len(Ranking.of(parse(typed)).patterns) == PATTERNS_MAX
    assert len(Ranking.of(parse('"b b" "b b b" "c b"')).patterns) == 2
