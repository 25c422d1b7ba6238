import html

from text.maths.bounds import FORMULA_MAX, is_safe
from text.maths.mathml import mathml
from text.maths.spellings import in_known_words


def tex(source: str, *, display: bool) -> str:
    """The formula as MathML, or its source in `<code
    class="math-source">`. Never raises.
    """
    source = source.strip()
    known = ""
    if len(source) <= FORMULA_MAX:
        known = in_known_words(source)
    return (is_safe(known) and mathml(known, display)) or shown_as_source(source)


def shown_as_source(source: str) -> str:
    return f'<code class="math-source">{html.escape(source)}</code>'
