r"""One line of LaTeX-ish text, such as a paper's title or
abstract, into safe HTML.

Abstracts on arXiv are neither Markdown nor whole LaTeX: formulas,
`\emph{}`, accents such as `{\"o}` and dashes, beside raw `<` and `&`. What
is not known here stays as it was typed.
"""

import html
import re
import unicodedata

from text import maths, sanitise
from text.delimiters import LATEX_MARK, dollars_hold_a_formula
from text.limits import FORMULAS_MAX, TEXT_MAX, without_surrogates
from text.texwords import named

DEPTH_MAX = 20
WEB = re.compile(r"https?://", re.IGNORECASE)

PIECE = re.compile(
    r"""
      (?P<double>\$\$(?P<double_in>[^$]+)\$\$)
    | (?P<dollar>\$(?P<dollar_in>(?:\\.|[^$\\])+)\$)
    | (?P<bracket>\\[(\[](?P<bracket_in>.{1,2000}?)\\[)\]])
    | (?P<environment>\\begin\{(?P<env>[a-z]+\*?)\}.{1,2000}?\\end\{(?P=env)\})
    | (?P<broken>\\(?:b\{eta|d\{elta|k\{appa|r\{ho|u\{psilon|c\{hi)\})
    | (?P<accent>\\(?P<mark>["'`^~=.]|[uvHcdbkr](?=[\s{]))\s*
        (?:\{\\?(?P<braced>[A-Za-z])\}|\\?(?P<letter>[A-Za-z])))
    | (?P<cite>[ ~]?\\(?:no)?cite[a-z]*\*?(?:\[[^\]]{0,200}\]){0,2}\{[^{}]*\})
    | (?P<href>\\(?:href|hyperlink)\s*\{(?P<target>[^{}]*)\}\s*\{)
    | (?P<url>\\url\s*\{(?P<url_in>[^{}]*)\})
    | (?P<pdf>\\texorpdfstring\s*\{(?P<set>(?:[^{}]|\{[^{}]*\}){0,300})\}\s*
        \{(?P<said>(?:[^{}]|\{[^{}]*\}){0,300})\})
    | (?P<ensured>\\ensuremath\s*\{(?P<ensured_in>(?:[^{}]|\{[^{}]*\}){0,300})\})
    | (?P<size>\\(?:tiny|scriptsize|footnotesize|small|normalsize|large|Large|LARGE
            |huge|Huge|bfseries|itshape|slshape|sffamily|ttfamily
            |rmfamily|scshape|upshape|mdseries|protect|boldmath)(?![A-Za-z])[ ]?)
    | (?P<colour>\\textcolor\s*\{[^{}]*\}\s*\{|\\color\s*\{[^{}]*\})
    | (?P<naked>\\(?:(?:mathbb|mathcal|mathbf|mathfrak|mathsf|mathscr|boldsymbol|sqrt
            |hat|bar|tilde|vec)\s*\{[^{}]{0,200}\}
        |d?frac\s*(?:\{[^{}]{0,200}\}|\d)\s*(?:\{[^{}]{0,200}\}|\d)
        |(?:[a-z]{2,10}|[A-Z][a-z]{1,9})(?=[_^][\w{\\]))
        (?:[_^](?:\{[^{}]{0,200}\}|\\[A-Za-z]{1,20}|\w))*)
    | (?P<styled>\\(?P<style>[a-z]+)\s*\{(?!\}))
    | (?P<switch>\{\\(?P<switched>em|it|bf|tt|sc|sf|sl|rm)(?![A-Za-z])\s*)
    | (?P<letters>\\(?P<foreign>ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|[oOlLij])(?:\{\}|[ ]|(?![A-Za-z])))
    | (?P<word>\\(?P<name>[A-Za-z]+)(?:\{\})?)
    | (?P<escaped>\\(?P<character>[^A-Za-z]))
    | (?P<dash>---?)
    | (?P<quote>``|'')
    | (?P<tie>(?<=\S)~(?=[^\s\d~]))
    | (?P<open>\{)
    | (?P<close>\})
    | (?P<address>https?://[^\s<>{}$"']+)
    """,
    re.VERBOSE | re.DOTALL,
)
STYLES = {
    "emph": "em",
    "textit": "em",
    "textsl": "em",
    "textbf": "strong",
    "texttt": "code",
    "underline": "em",
    "textsuperscript": "sup",
    "textsubscript": "sub",
}
PLAIN_STYLES = {
    "textsc",
    "textrm",
    "textsf",
    "text",
    "textnormal",
    "mbox",
    "mathrm",
    "textup",
    "uline",
}
SWITCHES = {"em": "em", "it": "em", "sl": "em", "bf": "strong", "tt": "code"}
MARKS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303",
    "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323",
    "b": "\u0331", "k": "\u0328",
    "r": "\u030a",
}  # fmt: skip
LETTERS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ",
}  # fmt: skip
SIGNS = {
    "deg": "°", "degree": "°", "pm": "±", "times": "×", "sim": "∼", "approx": "≈",
    "leq": "≤", "le": "≤", "geq": "≥",
    "ge": "≥", "neq": "≠", "infty": "∞", "cdot": "·", "to": "→", "rightarrow": "→",
    "leftarrow": "←", "uparrow": "↑",
    "downarrow": "↓", "ldots": "…", "dots": "…", "textendash": "–", "textemdash": "—",
    "S": "§", "copyright": "©",
    "eg": "e.g.", "ie": "i.e.", "etal": "et al.", "textregistered": "®",
    "texttrademark": "™", "percent": "%",
    "textasciitilde": "~", "textbackslash": "\\", "newline": " ", "par": " ",
    "quad": " ", "qquad": " ", "xspace": "",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ",
    "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
ESCAPED = {
    " ": " ",
    "\n": " ",
    "\\": " ",
    ",": "\u2009",
    ";": " ",
    ":": " ",
    "!": "",
    "-": "",
    "/": "",
    "@": "",
}
DASHES = {"--": "–", "---": "—"}
QUOTES = {"``": "“", "''": "”"}


def render_inline(text: str, *, links: bool = False, names: bool = False) -> str:
    """Safe HTML of inline elements only.

    Addresses become links when asked: a title stands inside a link
    already. `names` gives each formula its words as a name: for a title,
    by which a heading or a link is named.

    Never raises; what is longer than a text may be comes back escaped.
    """
    text = without_surrogates(text)
    if len(text) > TEXT_MAX:
        return html.escape(text, quote=False)
    line = InlineHtml(links=links, names=names)
    line.read(text)
    return sanitise.cleaned(line.closed())


class InlineHtml:
    """HTML in the making, with the ends of the groups still open."""

    is_plain = False  # whether the answer is text, where no formula can be set

    def __init__(self, *, links: bool, names: bool = False) -> None:
        self.links, self.names = links, names
        self.formulas = 0
        self.out: list[str] = []
        self.ends: list[str] = []

    def read(self, text: str) -> None:
        end = 0
        while found := PIECE.search(text, end):
            self.add(text[end : found.start()])
            end = found.end()
            if not self.set(found):
                self.add(found[0][0])
                end = found.start() + 1
        self.add(text[end:])

    def add(self, words: str) -> None:
        self.out.append(html.escape(words, quote=False))

    def closed(self) -> str:
        return "".join(self.out + self.ends[::-1])

    def open(self, element: str) -> None:
        """An element that the next closing brace ends; a bare group for an
        empty name, or when too many are open.
        """
        start = end = ""
        if element and len(self.ends) < DEPTH_MAX:
            start, end = f"<{element}>", f"</{element}>"
        self.out.append(start)
        self.ends.append(end)

    def set(self, found: re.Match[str]) -> bool:
        """Adds what the piece means.

        False when its first character is but a character.
        """
        match found.lastgroup:
            case "dollar":
                return self.formula(
                    found["dollar_in"], sure=is_formula(found["dollar_in"], found)
                )
            case "double":
                return self.formula(found["double_in"])
            case "bracket":
                return self.formula(found["bracket_in"])
            case "environment" | "naked":
                return self.formula(found[0])
            case "href":
                self.link(found["target"])
            case "pdf":
                if self.is_plain:
                    self.read(found["said"])
                else:
                    self.read(found["set"])
            case "ensured":
                return self.formula(found["ensured_in"])
            case "url":
                self.address(found["url_in"])
            case "address":
                self.address(found[0])
            case "styled":
                self.style(found["style"], found[0])
            case "switch":
                self.open(SWITCHES.get(found["switched"], ""))
            case "colour" if found[0].startswith(r"\textcolor"):
                self.open("")
            case "open":
                self.open("")
            case "close":
                end = ""
                if self.ends:
                    end = self.ends.pop()
                self.out.append(end)
            case _:
                self.add(words_of(found))
        return True

    def formula(self, source: str, *, sure: bool = True) -> bool:
        self.formulas += sure
        if sure:
            within = self.formulas <= FORMULAS_MAX
            if within:
                shown = maths.tex(source, display=False)
            else:
                shown = maths.shown_as_source(source)
            if self.names:
                shown = named(shown, source)
            self.out.append(shown)
        return sure

    def style(self, name: str, typed: str) -> None:
        if name in PLAIN_STYLES or name in SWITCHES or name in STYLES:
            self.open(STYLES.get(name) or SWITCHES.get(name, ""))
        elif name == "footnote":
            self.add(" (")
            self.ends.append(")")
        else:
            self.add(typed)
            self.ends.append("}")

    def link(self, target: str) -> None:
        if self.links and WEB.match(target):
            self.out.append(opening_tag(target))
            self.ends.append("</a>")
        else:
            self.open("")

    def address(self, typed: str) -> None:
        shown = (
            typed.replace(r"\_", "_")
            .replace(r"\#", "#")
            .replace(r"\%", "%")
            .replace(r"\&", "&")
        )
        target = shown.rstrip(".,;:!?)\\")
        if self.links and WEB.match(target):
            self.out.append(f"{opening_tag(target)}{html.escape(target)}</a>")
            shown = shown[len(target) :]
        self.add(shown)


def is_formula(content: str, found: re.Match[str]) -> bool:
    """Authors put spaces inside their dollars, and some forget to
    escape a price.
    """
    if content != content.strip():
        return (
            bool(LATEX_MARK.search(content.replace(r"\$", "")))
            or len(content.strip()) == 1
        )
    after = found.string[found.end() : found.end() + 1]
    return dollars_hold_a_formula(
        content, before=found.string[: found.start()][-1:], after=after
    )


def opening_tag(target: str) -> str:
    return f'<a href="{html.escape(target)}" rel="{sanitise.REL}">'


def words_of(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "accent":
            return unicodedata.normalize(
                "NFC", (found["braced"] or found["letter"]) + MARKS[found["mark"]]
            )
        case "letters":
            return LETTERS[found["foreign"]]
        case "broken":
            return SIGNS[found[0].strip("\\}").replace("{", "")]
        case "word":
            return SIGNS.get(found["name"], found[0])
        case "escaped":
            return ESCAPED.get(found["character"], found["character"])
        case "dash":
            return DASHES[found[0]]
        case "quote":
            return QUOTES[found[0]]
        case "tie":
            return "\u00a0"
    return ""  # a citation, a colour, a size
