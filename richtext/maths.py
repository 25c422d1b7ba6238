r"""LaTeX in, MathML out, with guards: whatever cannot be set is shown as its source.

math-core 0.9 recurses without a limit, and a stack overflow there ends the whole process, so nothing reaches it before
`is_safe` has measured it. Its `style` attributes, which the site's Content-Security-Policy would drop, become classes
of richtext.css.
"""

import functools
import html
import re
import unicodedata

from math_core import LatexToMathML

FORMULA_MAX = 2_000  # characters
NESTING_MAX = 30  # math-core 0.9 needs about 3 kB of stack for each level; the smallest threads have 128 kB

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
}
ONE_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
# Numbered environments become their plain kin: a number that nothing can refer to only misleads.
RENAMED = [
    (re.compile(pattern), new)
    for pattern, new in [
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
        (r"\\mathop\{\\(?:mathrm|operatorname|text)\{([^{}]*)\}\}\\limits", r"\\operatorname*{\1}"),
        (r"\\require\{\w+\}", ""),
        (r"\\(?:re)?newcommand\{\\([A-Z])\}\{\\mathbb\{\1\}\}", ""),
        # `\epsilon*x` is a product; math-core would look for a starred command
        (r"(\\(?!operatorname\b|tag\b|hspace\b|verb\b)[A-Za-z]+)\*", r"\1 *"),
    ]
]
TEXT_WITH_MATHS = re.compile(r"\\(text|textrm|textbf|textit|textnormal|mbox)" + ONE_GROUP)

PIECE = re.compile(
    r"""
      (?P<cell>&|\\\\|\\cr(?![A-Za-z]))
    | (?P<open>[{\[]|\\(?:left|begin)(?![A-Za-z]))
    | (?P<close>[}\]]|\\(?:right|end)(?![A-Za-z]))
    | (?P<scope>\\(?:color|bf|it|rm|sf|tt|cal|frak|bfseries|itshape|(?:display|text|script|scriptscript)style|tiny|small
        |scriptsize|footnotesize|normalsize|large|Large|LARGE|huge|Huge)(?![A-Za-z]))
    | (?P<command>\\[A-Za-z]+)
    | (?P<atom>\\.|[^\s~^_\\])
    """,
    re.VERBOSE,
)
OPENERS = {"}": "{", "]": "[", r"\right": r"\left", r"\end": r"\begin"}
ATOMS_IN_CHAIN = 2  # between two commands of a chain: \frac1\frac1\frac1… nests without a brace
# A macro of its own may blow 2,000 characters up to 3,000,000.
DEFINES = re.compile(r"\\(?:(?:re|provide)?newcommand|new(?:re)?command|providecommand|[gex]?def|let|newenvironment)\b")

# math-core 0.9 doubles its time with every opening bracket that nothing closes: forty take longer than a life.
UNCLOSED_MAX = 10
TOKEN = re.compile(
    r"""
      \\(?:middle|[bB]igg?m?)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?
    | (?P<begin>\{|\\left(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?)
    | (?P<end>\}|&|\\\\|\\right(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?)
    | (?P<open>[(\[⌜⌞⎰]|\\\{|\\[bB]igg?l(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?
        |\\(?:[lL](?:[aA]ng|brac|Brac|ceil|floor|group
        |lang|lbrac|mous|[vV]+ert|paren|Paren|Vert)|ul|ll)[A-Za-z]*)
    | (?P<close>[)\]]|\\\}|\\[bB]igg?r(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?
        |\\r(?:brace|brack|paren|angle|floor|ceil|vert|Vert|group)(?![A-Za-z]))
    | (?P<script>[\^_])
    | \\(?P<command>[A-Za-z]+)
    | (?P<atom>\\.|[^\s~])
    """,
    re.VERBOSE | re.DOTALL,
)

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


def tex(source: str, *, display: bool) -> str:
    """The formula as MathML, or its source in `<code class="math-source">`. Never raises."""
    source = source.strip()
    known = in_known_words(source) if len(source) <= FORMULA_MAX else ""
    return (is_safe(known) and mathml(known, display)) or shown_as_source(source)


def shown_as_source(source: str) -> str:
    return f'<code class="math-source">{html.escape(source)}</code>'


def is_safe(source: str) -> bool:
    if not source or DEFINES.search(source) or nests_too_deeply(source):
        return False
    return unclosed_brackets(source) <= UNCLOSED_MAX


def nests_too_deeply(source: str) -> bool:
    """Counted high rather than low, since commands may take the next command as their argument without any brace.

    Per open group: the switches in force, and the commands that may still be waiting for an argument.
    """
    outer: list[tuple[str, int, int]] = []
    scopes = chain = atoms = above = 0
    for found in PIECE.finditer(source):
        kind = found.lastgroup
        if kind == "atom":
            atoms += 1
            chain = chain if atoms <= ATOMS_IN_CHAIN else 0
        elif kind == "cell":
            scopes = chain = 0
        elif kind == "command":
            chain, atoms = chain + 1, 0
        elif kind == "scope":
            scopes += 1
        elif kind == "open":
            outer.append((found[0], scopes, chain))
            above += scopes + chain + 1
            scopes = chain = atoms = 0
        elif place := place_of_opener(outer, found[0]):
            above -= sum(outer_scopes + outer_chain + 1 for _, outer_scopes, outer_chain in outer[place - 1 :])
            _, scopes, chain = outer[place - 1]
            atoms = 0
            del outer[place - 1 :]
        if above + scopes + chain > NESTING_MAX:
            return True
    return False


def place_of_opener(outer: list[tuple[str, int, int]], closer: str) -> int:
    """Which open group, counted from 1, this ends; 0 for none. A square bracket may stay open, as in [0, 1)."""
    place = len(outer)
    while place and outer[place - 1][0] == "[" and closer != "]":
        place -= 1
    return place if place and outer[place - 1][0] == OPENERS[closer] else 0


def unclosed_brackets(source: str) -> int:
    """How many opening brackets their group or cell leaves open, counted high rather than low: a bracket that a command
    or a script takes as its argument closes nothing."""
    abandoned = depth = waiting = 0
    outer: list[tuple[int, int]] = []
    for found in TOKEN.finditer(source):
        kind = found.lastgroup
        if kind == "open" or (kind == "atom" and unicodedata.category(found[0][-1]) in ("Ps", "Pi")):
            depth += 1
            waiting = max(0, waiting - (found[0] != "["))
        elif kind == "close" and not waiting:
            depth = max(0, depth - 1)
        elif kind == "begin":
            outer.append((depth, waiting))
            depth = waiting = 0
        elif kind == "end":
            abandoned += depth
            depth, waiting = outer.pop() if outer and found[0] not in ("&", r"\\") else (0, 0)
            waiting = max(0, waiting - 1)
        elif kind == "command":
            waiting = max(0, waiting - 1) + arguments_of(found["command"])
        elif kind == "script":
            waiting += 1
        else:
            waiting = max(0, waiting - 1)
    return abandoned + depth + sum(left_open for left_open, _ in outer)


@functools.lru_cache(maxsize=2048)
def arguments_of(command: str) -> int:
    """How many arguments the command takes, asked of math-core itself; three when it does not say."""
    if command in ("begin", "end", "color"):
        return 1
    return next((count for count in range(3) if converted(f"\\{command}" + "{x}" * count, display=True)), 3)


@functools.lru_cache(maxsize=2048)
def mathml(source: str, display: bool) -> str:
    """MathML with classes in place of styles; empty when math-core does not understand the formula."""
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
    """Whether math-core says no. A panic of its Rust side is a BaseException whose class cannot be imported."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def in_known_words(source: str) -> str:
    for pattern, new in RENAMED:
        source = pattern.sub(new, source)
    return TEXT_WITH_MATHS.sub(maths_out_of_text, source)


def maths_out_of_text(found: re.Match[str]) -> str:
    r"""`\text{if $x$ holds}` as `{\text{if }x\text{ holds}}`."""
    if "$" not in found[2] or r"\$" in found[2]:
        return found[0]
    parts = [rf"\{found[1]}{{{part}}}" if i % 2 == 0 else part for i, part in enumerate(found[2].split("$"))]
    return "{" + "".join(parts) + "}"


def without_menclose(out: str) -> str:
    """MathML Core has no <menclose>: a box is a border, a strike is a line."""
    out = ENCLOSED.sub(
        lambda found: f'<mrow class="{"mbox" if found[1] == "box" else "mcancel"}">', STRIKE.sub("", out)
    )
    return out.replace("</menclose>", "</mrow>")


def style_to_class(found: re.Match[str]) -> str:
    declarations = (part.strip().replace(": ", ":") for part in found[1].split(";"))
    names = dict.fromkeys(CLASSES[declaration] for declaration in declarations if declaration in CLASSES)
    return f' class="{" ".join(names)}"' if names else ""
