from datetime import timedelta

from curriculum.tests.documents import SMALL
from curriculum.tests.make import NOW

LATER = NOW + timedelta(days=7)

COURSE_ROUTE = SMALL[SMALL.index("        - slug: course") : SMALL.index("resources:")]
NO_KEY = "11111111-2222-4333-8444-555555555555"


def edited(text: str, *replacements: tuple[str, str]) -> str:
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    return text
