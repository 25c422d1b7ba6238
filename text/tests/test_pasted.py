"""What people paste, from a corpus of texts with what must come of them."""

import json
import re
from pathlib import Path

import pytest
import yaml

from text import render
from text.markdown import PARSER

CASES = yaml.safe_load(
    (Path(__file__).parent / "corpus" / "pasted.yaml").read_text(encoding="utf-8")
)


def text_without_spans(html: str) -> str:
    """The colours of code are of no matter here."""
    return (
        re.sub(r'</?span(?: class="\w+")?>', "", html)
        .replace("&#x27;", "'")
        .replace("&quot;", '"')
    )


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_pasted_looks_as_it_should(case) -> None:
    html = render(case["text"])
    plain = text_without_spans(html)

    assert [part for part in case.get("holds", []) if part not in plain] == [], html
    assert [part for part in case.get("lacks", []) if part in plain] == [], html
    if "formulas" in case:
        assert (html.count("<math"), html.count("math-source")) == (
            case["formulas"],
            0,
        ), html


def test_a_document_whose_lines_were_wrapped_is_one_paragraph() -> None:
    assert render("one\ntwo", breaks=False) == "<p>one\ntwo</p>\n"
    assert render("one  \ntwo", breaks=False) == "<p>one<br>\ntwo</p>\n"


def test_only_one_document_of_the_specification_holds_pasted_code() -> None:
    examples = json.loads(
        (Path(__file__).parent / "corpus" / "commonmark.json").read_text(
            encoding="utf-8"
        )
    )
    texts = [example["markdown"] for example in examples]

    taken = [
        text
        for text in texts
        if any(token.markup == "pasted" for token in PARSER.parse(text, {}))
    ]

    assert [text.split("\n")[1] for text in taken] == ["function matchwo(a,b)"]
