r"""LaTeX in, MathML out, with guards: whatever cannot be set is
shown as its source.

math-core 0.9 recurses without a limit, and a stack overflow there ends the
whole process, so nothing reaches it before `is_safe` has measured it. Its
`style` attributes, which the site's Content-Security-Policy would drop,
become classes of minibatch.css.
"""

from text.maths.bounds import (
    FORMULA_MAX,
    UNCLOSED_MAX,
    arguments_of,
    nests_too_deeply,
    unclosed_brackets,
)
from text.maths.mathml import CLASSES
from text.maths.setting import shown_as_source, tex

__all__ = [
    "CLASSES",
    "FORMULA_MAX",
    "UNCLOSED_MAX",
    "arguments_of",
    "nests_too_deeply",
    "shown_as_source",
    "tex",
    "unclosed_brackets",
]
