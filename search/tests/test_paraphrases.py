"""The questions and rewordings that similar questions are judged by.

They were written by somebody who knew nothing of the search, before there was any.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

PAIRS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "paraphrases.yaml").read_text("utf-8")
)


def test_there_are_enough_of_each_difficulty() -> None:
    found = Counter(pair["overlap"] for pair in PAIRS)

    assert set(found) == {"easy", "middling", "hard"}
    assert min(found.values()) >= 40


def test_no_question_is_there_twice() -> None:
    titles = [pair[name] for pair in PAIRS for name in ("title", "reworded_title")]

    assert len(set(titles)) == len(titles)
    assert len({pair["key"] for pair in PAIRS}) == len(PAIRS)
