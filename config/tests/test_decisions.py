import re
from pathlib import Path

import pytest
from django.conf import settings

DECISIONS = sorted((Path(settings.BASE_DIR) / "docs" / "decisions").glob("*.md"))
STATUS = r"\d{4}-\d\d-\d\d, (proposed|accepted|superseded by 00\d\d)\."


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_has_its_number_a_title_a_date_and_a_status(path: Path) -> None:
    heading, empty, status, *_ = path.read_text().splitlines()

    assert re.fullmatch(rf"# {path.name[:4]} \S.*", heading)
    assert empty == ""
    assert re.match(STATUS, status)


def test_no_two_decisions_have_one_number() -> None:
    numbers = [path.name[:4] for path in DECISIONS]

    assert len(set(numbers)) == len(numbers)


def test_a_decision_that_is_named_exists() -> None:
    numbers = {path.name[:4] for path in DECISIONS}
    named = {
        number
        for path in DECISIONS
        for number in re.findall(r"\b(00\d\d)\b", path.read_text())
    }

    assert named <= numbers
