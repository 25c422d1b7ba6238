"""TeX in running text, as arXiv's metadata have it."""

import re
import unicodedata

# A formula ends before the next one begins: a thousand openings without an end are read
# once, not a thousand times.
_MATHS = re.compile(
    r"(\\\$|\$\$.*?\$\$|\$[^$]*\$|\\\((?:(?!\\\().)*?\\\)|\\\[(?:(?!\\\[).)*?\\\])",
    re.DOTALL,
)
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303",
    "=": "\u0304", ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b",
    "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_ACCENT = re.compile(
    r"""\\(?:([`'^"~=.])\s{0,3}|([uvHckrdb])(?=[\s{\\])\s{0,3})"""
    r"(?:\{\s{0,3}\\?([A-Za-z])\s{0,3}\}|\\?([A-Za-z]))"
)
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ",
    "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð",
    "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
}  # fmt: skip
_LETTER = re.compile(
    r"\\(ss|ae|AE|oe|OE|aa|AA|dh|DH|th|TH|dj|DJ|[oOlLij])(?![A-Za-z])(?:\{\}|\s)?"
)
_STYLED = re.compile(r"\\(?:emph|text(?:it|bf|tt|sc|rm|sf))\{([^{}]{0,500})\}")
# not the R of \mathbb{R}
_LONE_BRACES = re.compile(r"(\\[A-Za-z]+\*?\{)|\{([^\W\d_])\}")
_ESCAPED = re.compile(r"\\([&%#_])")


def plain_tex(text: str) -> str:
    r"""Text of arXiv's metadata with the TeX of running text resolved (`Erd\H{o}s`,
    `\emph{all}`); maths stays.
    """
    if "\\" not in text and "``" not in text:
        return text
    parts = _MATHS.split(text)
    parts[::2] = map(plain_text, parts[::2])
    return "".join(parts)


def plain_text(text: str) -> str:
    text = _ACCENT.sub(_accented, text)
    text = _LETTER.sub(lambda match: _LETTERS[match[1]], text)
    text = _LONE_BRACES.sub(lambda found: found[1] or found[2], text)
    text = _STYLED.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text).replace("``", "“").replace("''", "”")


def _accented(match: re.Match[str]) -> str:
    return unicodedata.normalize(
        "NFC", (match[3] or match[4]) + _ACCENTS[match[1] or match[2]]
    )
