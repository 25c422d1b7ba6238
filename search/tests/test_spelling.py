"""Words that a member may have meant."""

from documents.query import parse
from search.spelling import Spelling

KNOWN = Spelling(
    {"regularisation": 9, "regularise": 3, "gradient": 20, "gradients": 5, "radiant": 2}
)


def test_the_nearest_word_of_the_group() -> None:
    assert KNOWN.nearest("regularsation") == "regularisation"
    assert KNOWN.nearest("gradeint") == "gradient"
    assert KNOWN.nearest("gradint") == "gradient"


def test_nothing_is_near() -> None:
    assert KNOWN.nearest("xyzzy") == ""
    assert KNOWN.nearest("grd") == ""  # too short to have a typo
    assert KNOWN.nearest("x1y2z3") == ""  # no word
    assert Spelling({}).nearest("gradient") == ""


def test_only_unknown_words_are_corrected() -> None:
    assert (
        KNOWN.corrected("regularsation loss", ["regularsation"])
        == "regularisation loss"
    )
    assert KNOWN.corrected("regularsation xyzzy", ["regularsation", "xyzzy"]) == ""


def test_a_word_within_another_stays() -> None:
    assert KNOWN.corrected("gradint gradints", ["gradint"]) == "gradient gradints"
    assert KNOWN.corrected('"gradint" -gradint', ["gradint"]) == '"gradient" -gradient'


def test_an_unfinished_word_may_be_any_that_begins_so() -> None:
    [needed] = KNOWN.completed(parse("regularisat")).needed

    assert ("regular",) in needed.forms


def test_a_finished_word_stays_as_it_is() -> None:
    query = parse("gradient ")

    assert KNOWN.completed(query) == query


def test_a_known_word_is_looked_for_with_all_known_words_that_begin_so() -> None:
    [needed] = KNOWN.completed(parse("gradient")).needed
    [unknown] = KNOWN.completed(parse("gradien")).needed
    [asked] = KNOWN.completed(parse("gradient*")).needed

    assert needed.beginnings == ()
    assert unknown.beginnings == ("gradien",)
    assert asked.beginnings == ("gradient",)


def test_a_known_word_that_many_begin_with_stays_a_beginning() -> None:
    known = Spelling({f"grad{'i' * number}": 2 for number in range(13)})

    [needed] = known.completed(parse("grad")).needed

    assert needed.beginnings == ("grad",)
