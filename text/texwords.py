"""TeX as plain words, where no formula can be set: subjects of mails, tab
titles, labels of buttons.

math-core reads the formula, so its signs are ours: the MathML becomes
text. What it does not understand loses its braces and backslashes and
stays readable.
"""

import functools
import html
import re
import unicodedata
from xml.etree import ElementTree

from text import maths

RAISED = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ*′",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ*′",
)
LOWERED = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
)
FRACTIONS = {
    "1/2": "½",
    "1/3": "⅓",
    "2/3": "⅔",
    "1/4": "¼",
    "3/4": "¾",
    "1/5": "⅕",
    "1/8": "⅛",
}
MARKS = {
    "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "∼": "\u0303",
    "¯": "\u0304", "‾": "\u0304",
    "˙": "\u0307", "¨": "\u0308", "ˇ": "\u030c", "→": "\u20d7",
}  # fmt: skip
# under or over a formula; around words they say nothing
LINES = {"\u0332", "_", "‾", "⏟", "⏞"}
# ℂ ℓ ℕ ℙ ℚ ℝ ℤ
HAS_SIGNS = {
    chr(code) for code in (0x2102, 0x2113, 0x2115, 0x2119, 0x211A, 0x211D, 0x2124)
}
AROUND = re.compile("[=<>≤≥≠≈≡∼∝→←↔⇒⇐⇔∈∉⊂⊆∪∩×⊗⊕∣∥≪≫≔↦]")
INVISIBLE = re.compile("[\u2061-\u2064\u200b\ufe00-\ufe0f]")
NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot);)[A-Za-z]+;")  # XML knows these four only
NO_SPACE = re.compile(r"([(\[]) | (?=[)\],;])")
SIMPLE = re.compile(r"[\w.′∞]+")


@functools.lru_cache(maxsize=4096)
def words_of_formula(source: str) -> str:
    """The formula on one line of plain text: `\\\\mathcal{O}(n\\\\log n)`
    is O(n log n). Never raises.
    """
    shown = maths.tex(source, display=False)
    if not shown.startswith("<math"):
        return without_commands(source)
    try:
        plain = NAMED.sub(lambda found: html.unescape(found[0]), shown)
        words = text_of(ElementTree.fromstring(plain))  # noqa: S314  (math-core wrote it)
    except ElementTree.ParseError:
        return without_commands(source)
    return NO_SPACE.sub(r"\1", " ".join(INVISIBLE.sub("", words).split()))


def named(shown: str, source: str) -> str:
    """The formula `shown`, as HTML, with its plain words as its name.

    A heading, a link or a header cell is named by the text in it, and a
    `<math>` element without a name counts for none: `### $R^2$` would be
    an empty heading.
    """
    if not shown.startswith("<math"):
        return shown
    return (
        "<math "
        f'aria-label="{html.escape(words_of_formula(source))}"{shown.removeprefix("<math")}'
    )


def without_commands(source: str) -> str:
    """What is left of TeX that nothing understands: the words in its
    braces, the name of a command without any.
    """
    bare = re.sub(r"\\(?:begin|end)\{[^{}]*\}", " ", source)
    bare = re.sub(r"\\([A-Za-z]+)\*?\s*(?=[\[{])", "", bare)
    bare = re.sub(r"\\([A-Za-z]+)", r"\1 ", bare)
    return " ".join(re.sub(r"[\\{}$]", "", bare).split())


def text_of(node: ElementTree.Element) -> str:
    parts = [text_of(child) for child in node]
    match node.tag:
        case "msup" | "mover" if len(parts) == 2:
            return raised(parts[0], parts[1], is_mark=node.tag == "mover")
        case "msub" | "munder" if len(parts) == 2:
            if parts[1].strip() in LINES:
                return parts[0]
            return lowered(parts[0], parts[1])
        case "msubsup" | "munderover" if len(parts) == 3:
            return raised(lowered(parts[0], parts[1]), parts[2], is_mark=False)
        case "mfrac" if len(parts) == 2:
            over, under = grouped(parts[0]), grouped(parts[1])
            return FRACTIONS.get(f"{over}/{under}", f"{over}/{under}")
        case "msqrt":
            return "√" + grouped("".join(parts))
        case "mroot" if len(parts) == 2:
            return scripted(parts[1], RAISED, "") + "√" + grouped(parts[0])
        case "mtr":
            return " ".join(part for part in parts if part) + "; "
        case "mspace":
            if wide(node.get("width", "")):
                return " "
            return ""
        case "mo":
            return operator(node.text or "")
        case "mi" if len(node.text or "") > 1 and (node.text or "").isalpha():
            if node.text in FUNCTIONS:
                return f" {letters(node.text or '')} "
            return letters(node.text or "")
        case "mtable":
            return "".join(parts).rstrip("; ")
    return letters(node.text or "") + "".join(parts)


FUNCTIONS = frozenset(
    "log exp ln sin cos tan max min sup inf lim arg det dim argmax argmin".split()
)


def wide(width: str) -> bool:
    found = re.match(r"([\d.]+)em", width)
    return found is not None and float(found[1]) > 0.2


def letters(text: str) -> str:
    """Without the styles of mathematics, for which many fonts have no
    letters, but with ℝ and similar ones.
    """
    return "".join(map(_letter, text)).replace("\u00a0", " ")


def _letter(sign: str) -> str:
    if sign in HAS_SIGNS or not is_styled(sign):
        return sign
    return unicodedata.normalize("NFKC", sign)


def is_styled(sign: str) -> bool:
    return 0x1D400 <= ord(sign) <= 0x1D7FF or 0x2100 <= ord(sign) <= 0x214F


def operator(sign: str) -> str:
    sign = letters(sign)
    if len(sign) > 1 and sign.isalpha():
        return f" {sign} "
    if AROUND.fullmatch(sign):
        return f" {sign} "
    return sign


def grouped(words: str) -> str:
    words = words.strip()
    if not words or SIMPLE.fullmatch(words) or len(words) == 1:
        return words
    return f"({words})"


def raised(base: str, exponent: str, *, is_mark: bool) -> str:
    exponent = exponent.strip()
    if is_mark:
        if exponent in MARKS and len(base) == 1:
            return unicodedata.normalize("NFC", base + MARKS[exponent])
        if exponent in MARKS or exponent in LINES or not exponent.isalnum():
            return base
        return f"{base}^{grouped(exponent)}"
    if set(exponent) <= {"′", "″", "‴"}:
        return base + exponent
    return base + scripted(exponent, RAISED, "^")


def lowered(base: str, index: str) -> str:
    if base.strip() in ("lim", "max", "min", "argmax", "argmin", "sup", "inf"):
        return f"{base.strip()}_{grouped(index)} "
    return base + scripted(index.strip(), LOWERED, "_")


def scripted(words: str, table: dict[int, int], sign: str) -> str:
    packed = words.replace(" ", "")
    if packed == "∘":
        return "°"
    if packed and all(ord(letter) in table for letter in packed):
        return packed.translate(table)
    if words:
        return sign + grouped(words)
    return ""
