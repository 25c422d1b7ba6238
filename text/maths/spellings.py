import re
from collections.abc import Callable

# What people write and math-core 0.9 does not know.
MACROS = {
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
    "pmb": r"\boldsymbol{#1}",
    "smash": "#1",
    "mathclap": "#1",
    "mathllap": "#1",
    "mathrlap": "#1",
    "given": r"\mid",
    "argmax": r"\operatorname*{arg\,max}",
    "argmin": r"\operatorname*{arg\,min}",
    **dict.fromkeys(
        "blue red green orange purple pink gray teal gold maroon".split(), "#1"
    ),
    **dict.fromkeys(
        ("colorbox", "htmlId", "htmlClass", "htmlStyle", "htmlData", "href"), "#2"
    ),
    "fcolorbox": r"\boxed{#3}",
    **dict.fromkeys(
        ("llap", "rlap", "clap", "vcenter", "ensuremath", "mathlarger", "mathsmaller"),
        "#1",
    ),
    **dict.fromkeys(
        ("nobreak", "allowbreak", "strut", "hfill", "xspace", "Huge", "null"), "{}"
    ),
    "mathnormal": "#1",
    "mathsfit": r"\mathsf{#1}",
    "utilde": r"\underset{\sim}{#1}",
    "overlinesegment": r"\overline{#1}",
    "underlinesegment": r"\underline{#1}",
    "xrightleftarrows": r"\xrightleftharpoons{#1}",
    "xrightequilibrium": r"\xrightleftharpoons{#1}",
    "xleftequilibrium": r"\xrightleftharpoons{#1}",
    "widecheck": r"\check{#1}",
    "sout": r"\cancel{#1}",
    "intop": r"\int\limits",
    "varliminf": r"\underline{\lim}",
    "varlimsup": r"\overline{\lim}",
    "varinjlim": r"\underset{\rightarrow}{\lim}",
    "varprojlim": r"\underset{\leftarrow}{\lim}",
    "Q": r"\mathbb{Q}",
    "C": r"\mathbb{C}",
    "and": r"\land",
    "or": r"\lor",
    "sdot": r"\cdot",
    "dotsb": r"\cdots",
    "dotsc": r"\ldots",
    "dotsi": r"\cdots",
    "dotsm": r"\cdots",
    "dotso": r"\ldots",
    "dv": r"\frac{d #1}{d #2}",
    "pdv": r"\frac{\partial #1}{\partial #2}",
    "dd": r"\mathrm{d}#1",
    "indep": r"\perp\!\!\!\perp",
    "nicefrac": r"{#1}/{#2}",
    "sfrac": r"{#1}/{#2}",
    "thickapprox": r"\approx",
    "thicksim": r"\sim",
    "varpropto": r"\propto",
}
LETTERS = {
    "pounds": "£", "copyright": "©", "textdollar": r"\$", "ae": "æ", "AE": "Æ",
    "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "ss": "ß", "o": "ø", "O": "Ø", "i": "ı", "j": "ȷ",
}  # fmt: skip


def letter(found: re.Match[str]) -> str:
    return rf"\text{{{LETTERS[found[1]]}}}"


def script_of_text(found: re.Match[str]) -> str:
    script = rf"{{\text{{{found[2]}}}}}"
    if found[1] == "super":
        return f"^{script}"
    return f"_{script}"


def chemistry(found: re.Match[str]) -> str:
    """The plain part of mhchem: the number behind an element
    counts its atoms.
    """
    return r"\mathrm{" + re.sub(r"(?<=[A-Za-z)])(\d{1,3})", r"_{\1}", found[1]) + "}"


def circled(found: re.Match[str]) -> str:
    """`\\textcircled{1}`: Chinese notes number their equations so."""
    typed = found[1] or found[2]
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= 20:
        return chr(0x245F + int(typed))
    if typed == "0":
        return "\u24ea"
    if re.fullmatch("[A-Za-z]", typed):
        if typed.isupper():
            return chr(0x24B6 + ord(typed) - ord("A"))
        return chr(0x24D0 + ord(typed) - ord("a"))
    return rf"\text{{({typed})}}"


# Faces and sizes of text that MathML does not have: the words stay.
FACE = r"\\(?:sc|scshape|sl|slshape)(?![A-Za-z])"
SIZE = (
    r"\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE|huge)"
    r"(?![A-Za-z])"
)
ONE_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
# Numbered environments become those without numbers: a number that nothing can
# refer to only misleads.
Renaming = str | Callable[[re.Match[str]], str]
SPELLINGS: list[tuple[str, Renaming]] = [
    (r"\\(begin|end)\{(?:split|align|align\*|flalign|flalign\*)\}", r"\\\1{aligned}"),
    (r"\\begin\{(?:alignat|alignat\*|alignedat)\}\{\d*\}", r"\\begin{aligned}"),
    (r"\\end\{(?:alignat|alignat\*|alignedat)\}", r"\\end{aligned}"),
    (r"\\(begin|end)\{(?:gather|gather\*|multline|multline\*)\}", r"\\\1{gathered}"),
    (r"\\(?:begin|end)\{(?:equation|equation\*|displaymath|math)\}", ""),
    (r"\\begin\{(?:eqnarray|eqnarray\*)\}", r"\\begin{array}{rcl}"),
    (r"\\end\{(?:eqnarray|eqnarray\*)\}", r"\\end{array}"),
    (r"\\(begin|end)\{smallmatrix\}", r"\\\1{matrix}"),
    (r"\\tag\*?\{([^{}]*)\}", r"\\qquad\\text{(\1)}"),
    (r"\\label\{[^{}]*\}|\\(?:nonumber|notag)\b", ""),
    (r"\\(?:eq)?ref\{([^{}]*)\}", r"\\text{(\1)}"),
    (
        r"\\mathop\{\\(?:mathrm|operatorname|text)\{([^{}]*)\}\}\\limits",
        r"\\operatorname*{\1}",
    ),
    (r"\\require\{\w+\}", ""),
    (r"\\(begin|end)\{([pbBvV]?matrix|smallmatrix)\*\}(?:\[[lcr]\])?", r"\\\1{\2}"),
    (r"\\begin\{(array|aligned|gathered)\}\[[tcb]\]", r"\\begin{\1}"),
    (r"\\verb\*?([|!+@])([^|!+@\\{}$]{0,100})\1", r"\\texttt{\2}"),
    (r"\\[hm]space\*", r"\\hspace"),
    (r"\\kern\{([^{}]*)\}", r"\\hspace{\1}"),
    (r"\\rule(?:\[[^]]*\])?\{[^{}]*\}\{[^{}]*\}", r"\\blacksquare "),
    (
        r"\\(?:mbox|hbox|textnormal|textup|textmd|textsc|textsl|emph)(?=\s*\{)",
        r"\\text",
    ),
    (r"\\mathsc(?=\s*\{)", r"\\mathrm"),
    (rf"\{{\s*{FACE}\s*([^{{}}$\\^_]*)\}}", r"{\\text{\1}}"),
    (rf"^\s*{FACE}\s*([^{{}}$\\^_]*)$", r"\\text{\1}"),
    (rf"(?:{FACE}|{SIZE})\s*", ""),
    (r"\\textbf\{(\\[A-Za-z]+)\}", r"\\boldsymbol{\1}"),
    (r"\\url\{([^{}\\]*)\}", r"\\texttt{\1}"),
    (r"\\text(super|sub)script\{([^{}]*)\}", script_of_text),
    (r"\\ce\{([A-Za-z0-9()+\- ]{1,100})\}", chemistry),
    (r"\\(?:KaTeX|LaTeX|TeX)(?![A-Za-z])", lambda found: rf"\text{{{found[0][1:]}}}"),
    (r"\\textcircled\s*(?:\{\s*([^{}\s]{1,3})\s*\}|(\w))", circled),
    (r"\\text\{\s*([\u2460-\u24ff])\s*\}", r"\1"),
    (
        r"\\(pounds|copyright|textdollar|ae|AE|oe|OE|aa|AA|ss|o|O|i|j)(?![A-Za-z])\s*",
        letter,
    ),
    (r"\\(?:re)?newcommand\{\\([A-Z])\}\{\\mathbb\{\1\}\}", ""),
    # `\epsilon*x` is a product; math-core would look for a starred command
    (r"(\\(?!operatorname\b|tag\b|hspace\b|verb\b)[A-Za-z]+)\*", r"\1 *"),
]
RENAMED = [(re.compile(pattern), new) for pattern, new in SPELLINGS]
TEXT_WITH_MATHS = re.compile(
    r"\\(text|textrm|textbf|textit|textsf|texttt|textnormal|mbox)" + ONE_GROUP
)


def in_known_words(source: str) -> str:
    for pattern, new in RENAMED:
        source = pattern.sub(new, source)
    return TEXT_WITH_MATHS.sub(maths_out_of_text, source)


def maths_out_of_text(found: re.Match[str]) -> str:
    r"""`\text{if $x$ holds}` as `{\text{if }x\text{ holds}}`."""
    if "$" not in found[2] or r"\$" in found[2]:
        return found[0]
    parts = found[2].split("$")
    parts[::2] = [rf"\{found[1]}{{{words}}}" for words in parts[::2]]
    return "{" + "".join(parts) + "}"
