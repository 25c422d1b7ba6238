"""Finding documents in both databases."""

import pytest

from documents import actions
from documents.alike import alike
from documents.candidates import candidates
from documents.likeness import TypedQuestion
from documents.models import COMPARED_MAX, SearchDocument, document
from documents.query import parse

pytestmark = pytest.mark.django_db
POST, COMMENT = SearchDocument.Kind.POST, SearchDocument.Kind.COMMENT


def store(object_id: int, title: str, body: str = "", *marks: str) -> None:
    actions.store(document(POST, object_id, title=title, body=body, marks=marks))


def found(
    typed: str, *, marks: tuple[tuple[str, ...], ...] = (), most: int = 10
) -> list[int]:
    every = SearchDocument.objects.values("object_id")
    kinds = {POST: every, COMMENT: every}
    return [
        hit.object_id for hit in candidates(parse(typed, marks=marks), kinds, most=most)
    ]


def test_all_words_in_any_form_newest_first():
    store(1, "Regularisation", "holds the weights down")
    store(2, "Weights", "are regularized by decay")
    store(3, "Dropout", "regularises too")
    assert found("regularization weight ") == [2, 1]


def test_phrases_need_their_order():
    store(1, "Vanishing gradients")
    store(2, "Gradients that are vanishing")
    assert found('"vanishing gradient"') == [1]


def test_a_phrase_is_found_below_newer_texts_that_hold_its_words() -> None:
    store(1, "Vanishing gradients")
    for number in range(2, 6):
        store(number, "Gradients that are vanishing")
    store(6, "Vanishing", "gradients")

    assert found('"vanishing gradient"', most=1) == [1]


def test_two_phrases_and_a_word_of_one() -> None:
    store(1, "Vanishing gradients of a deep net")
    store(2, "Deep nets", "rarely: vanishing gradients")
    store(3, "Vanishing gradients of a net that is deep")

    assert found('"vanishing gradients" "deep net"') == [2, 1]
    assert found('"vanishing gradients" "deep net" rarely') == [2]
    assert found('"vanishing gradients" -rarely') == [3, 1]
    assert found('"that"') == [3]


def test_a_phrase_of_what_a_document_was_is_not_found() -> None:
    store(1, "Vanishing gradients")
    store(1, "Exploding gradients")
    store(2, "Vanishing gradients")
    actions.forget(POST, [2])

    assert found('"vanishing gradients"') == []
    assert found('"exploding gradients"') == [1]


def test_beginnings_and_what_must_not_be_there():
    store(1, "Convolution in Keras")
    store(2, "Convolutional layers in PyTorch")
    assert found("conv* -keras ") == [2]


def test_a_name_is_found_by_its_parts_and_as_a_whole():
    store(1, "CrossEntropyLoss gives nan")
    store(2, "What is cross entropy loss?")
    assert found("cross entropy ") == [2, 1]
    assert found("CrossEntropyLoss ") == [2, 1]


def test_a_document_is_what_it_became():
    store(1, "Momentum")
    store(1, "Adam")
    assert found("momentum ") == []
    assert found("adam ") == [1]
    actions.forget(POST, [1])
    assert found("adam ") == []


def test_marks_narrow_and_are_no_words():
    store(1, "Adam", "", "by3")
    store(2, "Adam", "", "by4")
    assert found("adam ", marks=(("by3",),)) == [1]
    assert found("adam ", marks=(("by3", "by4"),)) == [2, 1]
    assert found("adam ", marks=(("by3",), ("by4",))) == []
    assert found("by3 ") == []


def test_only_the_newest_of_each_kind():
    for number in range(5):
        store(number, "Adam")
        actions.store(document(COMMENT, number, body="Adam"))
    assert found("adam ", most=2) == [4, 3, 4, 3]


def test_what_the_reader_may_not_see_takes_no_place():
    for number in range(1, 6):
        store(number, "Adam")
    visible = SearchDocument.objects.filter(object_id__lte=2).values("object_id")
    hits = candidates(parse("adam "), {POST: visible}, most=2)
    assert [hit.object_id for hit in hits] == [2, 1]


@pytest.mark.parametrize("typed", ["adam ", '"adam rises"'])
def test_of_a_long_document_the_beginning_is_ranked(typed: str) -> None:
    store(1, "Adam", "adam rises " + "word " * COMPARED_MAX + "momentum")
    typed_further_down = f"{typed} momentum "
    every = {POST: SearchDocument.objects.values("object_id")}

    for each in (typed, typed_further_down):
        [hit] = candidates(parse(each), every)
        assert len(hit.words) == COMPARED_MAX


def test_of_a_long_question_the_beginning_is_compared() -> None:
    body = "word " * COMPARED_MAX
    store(1, "Why does Adam diverge", f"{body} momentum", "question")
    store(2, "Why does Adam diverge", f"momentum {body}", "question")
    asked = TypedQuestion.of("Adam diverges", "momentum")

    near = alike(asked, SearchDocument.objects.values("object_id"), most=2)

    assert [each.object_id for each in near] == [2, 1]
    assert near[0].likeness > near[1].likeness
