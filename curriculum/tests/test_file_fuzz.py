"""Whatever is done to a right file, it loads or says what is wrong."""

import json
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.fileformat import Malformed, dump, load
from curriculum.tests.documents import SMALL, small_document
from curriculum.tests.faults import MUTATIONS, mutated


def loads_or_explains(text: str | bytes) -> None:
    try:
        document = load(text)
    except Malformed as error:
        found = error.problems
    else:
        found = []
        assert load(dump(document)) == document
    count = (
        text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    ).count(b"\n") + 2
    assert all(
        1 <= each.line <= count and each.field and each.message for each in found
    )


@settings(max_examples=150, deadline=timedelta(seconds=5))
@given(MUTATIONS)
def test_a_mutated_file_loads_or_is_explained(mutations):
    loads_or_explains(mutated(SMALL, mutations))


@settings(max_examples=80, deadline=timedelta(seconds=5))
@given(
    st.one_of(
        st.text(), st.binary(), st.recursive(st.text(max_size=5), st.lists).map(repr)
    )
)
def test_any_text_loads_or_is_explained(text):
    loads_or_explains(text)


WRONG = st.recursive(
    st.sampled_from(["", "x", "1", "true", "2020-01-01"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["slug", "id", "key", "a"]), inner)
    ),
    max_leaves=4,
)


@settings(max_examples=80, deadline=timedelta(seconds=5))
@given(st.data())
def test_a_wrong_value_anywhere_is_explained(data):
    document = small_document()
    holder, name = document, "curriculum"
    while (
        isinstance(holder[name], dict | list)
        and holder[name]
        and data.draw(st.integers(0, 4))
    ):
        holder = holder[name]
        name = data.draw(
            st.sampled_from(
                sorted(holder) if isinstance(holder, dict) else range(len(holder))
            )
        )
    holder[name] = data.draw(WRONG)

    loads_or_explains(json.dumps(document, ensure_ascii=False))
