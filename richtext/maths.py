"""LaTeX in, MathML out, with guards: whatever cannot be set is shown as its source."""

import functools
import html
import re

from math_core import LatexError, LatexToMathML

FORMULA_MAX = 2_000  # characters
NESTING_MAX = 40
MACROS = {  # what people write and math-core 0.9 does not know
    "widetilde": r"\tilde{#1}",
    "substack": r"\begin{subarray}{c}#1\end{subarray}",
    "norm": r"\left\lVert #1\right\rVert",
    "abs": r"\left\lvert #1\right\rvert",
    "E": r"\mathbb{E}",
    "KL": r"\mathrm{KL}",
    "diag": r"\operatorname{diag}",
    "tr": r"\operatorname{tr}",
    "mathds": r"\mathbb{#1}",
    "mathbbm": r"\mathbb{#1}",
    "given": r"\mid",
}
RENAMED = [
    (re.compile(pattern), new)
    for pattern, new in [
        (r"\\(begin|end)\{split\}", r"\\\1{aligned}"),
        (r"\\(begin|end)\{smallmatrix\}", r"\\\1{matrix}"),
        (r"\\tag\*?\{([^{}]*)\}", r"\\qquad\\text{(\1)}"),
        (r"\\mathop\{((?:[^{}]|\{[^{}]*\})*)\}\\limits", r"\\operatorname*{\1}"),
        (r"\\require\{\w+\}", ""),
        (r"\\(?:re)?newcommand\{\\([A-Z])\}\{\\mathbb\{\1\}\}", ""),
    ]
]
CHAIN = re.compile(r"(?:\\[A-Za-z]+\s*){%d}" % NESTING_MAX)  # \sqrt\sqrt\sqrt… nests without a brace
OPENERS = re.compile(r"\\[{}]|([{]|\\left\b|\\begin\b)|([}]|\\right\b|\\end\b)")
STYLE = re.compile(r' style="([^"]*)"')
CLASSES = {
    "text-align:left": "ml",
    "text-align:right": "mr",
    "padding-left:0": "mpl0",
    "padding-right:0": "mpr0",
    "padding-left:1em": "mpl1",
    "padding-top:0": "mpt0",
    "padding-bottom:0": "mpb0",
    "border-right:0.05em solid currentcolor": "mbr",
    "border-top:0.05em solid currentcolor": "mbt",
    "margin-left:-0.16666667em": "mneg",
    "width:50%": "mw50",
    "width:100%": "mw100",
}

converter = LatexToMathML(fancy_error=False, max_expansions=500, macros=MACROS)


def nests_too_deeply(source: str) -> bool:
    """math-core 0.9 recurses without a limit: a stack overflow there ends the whole process."""
    depth = 0
    for found in OPENERS.finditer(source):
        depth += bool(found[1]) - bool(found[2])
        if depth > NESTING_MAX:
            return True
    return bool(CHAIN.search(source))


def style_to_class(found: re.Match[str]) -> str:
    names = [CLASSES[key] for part in found[1].split(";") if (key := part.strip().replace(": ", ":")) in CLASSES]
    return f' class="{" ".join(names)}"' if names else ""


@functools.lru_cache(maxsize=2048)
def tex(source: str, *, display: bool) -> str:
    """The formula as MathML, or its source in `<code class="math-source">`."""
    if len(source) <= FORMULA_MAX and not nests_too_deeply(source):
        renamed = source
        for pattern, new in RENAMED:
            renamed = pattern.sub(new, renamed)
        try:
            out = converter.convert_with_local_state(renamed, displaystyle=display)
        except LatexError:
            pass
        else:
            out = out.replace("&ApplyFunction;", "\u2061")
            return STYLE.sub(style_to_class, out)
    return f'<code class="math-source">{html.escape(source)}</code>'
