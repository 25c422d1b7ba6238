import functools
import re

from math_core import LatexToMathML

from text.maths.spellings import MACROS

STYLE = re.compile(r' style="([^"]*)"')
CLASSES = {
    "text-align:left": "ml",
    "text-align:right": "mr",
    "padding-left:0": "mpl0",
    "padding-right:0": "mpr0",
    "padding-left:1em": "mpl1",
    "padding-left:0.1667em": "mplt",
    "padding-right:0.1667em": "mprt",
    "padding-left:0.2778em": "mplk",
    "padding-right:0.2778em": "mprk",
    "padding-top:0.1667em": "mptt",
    "padding-top:0": "mpt0",
    "padding-bottom:0": "mpb0",
    "border-right:0.05em solid currentcolor": "mbr",
    "border-top:0.05em solid currentcolor": "mbt",
    "border-bottom:0.05em solid currentcolor": "mbb",
    "border-left:0.05em solid currentcolor": "mbl",
    "margin-left:-0.16666667em": "mneg",
    "width:50%": "mw50",
    "width:100%": "mw100",
}
ENCLOSED = re.compile(r'<menclose notation="([a-z ]*)">')
STRIKE = re.compile(r'<mrow class="menclose-\w+"></mrow>')

CONVERTER = LatexToMathML(fancy_error=False, max_expansions=500, macros=MACROS)


@functools.lru_cache(maxsize=2048)
def mathml(source: str, display: bool) -> str:
    """MathML with classes in place of styles; empty when math-core does
    not understand the formula.
    """
    return STYLE.sub(style_to_class, without_menclose(converted(source, display)))


def converted(source: str, display: bool) -> str:
    """math-core's answer; empty when it refuses."""
    try:
        return CONVERTER.convert_with_local_state(source, displaystyle=display)
    except BaseException as error:
        if not is_refusal(error):
            raise
        return ""


def is_refusal(error: BaseException) -> bool:
    """Whether math-core says no.

    A panic of its Rust side is a BaseException whose class cannot
    be imported.
    """
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def without_menclose(out: str) -> str:
    """MathML Core has no <menclose>: a box is a border, a strike
    is a line.
    """
    out = ENCLOSED.sub(_row_of_enclosed, STRIKE.sub("", out))
    return out.replace("</menclose>", "</mrow>")


def _row_of_enclosed(found: re.Match[str]) -> str:
    if found[1] == "box":
        return '<mrow class="mbox">'
    return '<mrow class="mcancel">'


def style_to_class(found: re.Match[str]) -> str:
    declarations = (part.strip().replace(": ", ":") for part in found[1].split(";"))
    names = dict.fromkeys(
        CLASSES[declaration] for declaration in declarations if declaration in CLASSES
    )
    if names:
        return f' class="{" ".join(names)}"'
    return ""
