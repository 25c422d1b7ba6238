"""Text as it is searched."""

import unicodedata

from text.typed.characters import ZWJ, ZWNJ, normalized
from text.typed.cleaning import clean_name

LETTERS_WITHOUT_PARTS = str.maketrans(
    {
        "ı": "i",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ŋ": "n",
        "ـ": None,
    }
)
# Keyboards have one apostrophe and one hyphen, books have several.
SIGNS_ALIKE = str.maketrans(
    dict.fromkeys("‘’ʻʼʹ′＇`´", "'") | dict.fromkeys("‐‑‒–—―−－", "-")
)


def folded(text: str) -> str:
    """Return text as it is searched: small letters without accents, points
    and joiners, so that “Jurgen” finds Jürgen.

    Apostrophes are one sign, and so are hyphens and dashes. Marks that
    make another letter, as in Japanese and Hindi, stay.
    """
    # before NFKD, which takes some of them apart
    text = clean_name(text).casefold().translate(SIGNS_ALIKE)
    text = normalized("NFKD", text).translate(LETTERS_WITHOUT_PARTS)
    return normalized(
        "NFC", "".join(character for character in text if not _is_accent(character))
    )


def _is_accent(character: str) -> bool:
    accent = unicodedata.combining(character)
    return 10 <= accent <= 35 or accent >= 200 or character in (ZWNJ, ZWJ)
