"""One line with maths, such as a paper's title or abstract: LaTeX-ish text in, safe HTML out."""

import html
import re

from richtext import maths, sanitise

FORMULA = re.compile(r"(\$[^$]+\$)")


def render_inline(text: str) -> str:
    """Safe HTML without block elements. Never raises."""
    parts = FORMULA.split(text)
    out = [maths.tex(part[1:-1].strip(), display=False) if i % 2 else html.escape(part) for i, part in enumerate(parts)]
    return sanitise.cleaned("".join(out))
