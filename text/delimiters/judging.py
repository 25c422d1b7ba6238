"""Whether what stands between delimiters is a formula or prose."""

import re

LATEX_MARK = re.compile(r"[\\^_{]")
PRICE = re.compile(r"\d[\d,.]*\s+[^\W\d]{2,}")  # $5 and 10$

COMMAND = re.compile(r"\\[A-Za-z]+")
IN_BRACES = re.compile(r"\{[^{}]{0,500}\}")
WORD = re.compile(r"[^\W\d_]+")
TWO_WORDS = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}[,;]?\s+[^\W\d_]{3,}")
NAMES = frozenset(
    "sin cos tan sinh cosh tanh exp log ln lg max min sup inf lim arg argmax argmin "
    "det dim mod deg gcd rank tr diag "
    "sign sgn softmax relu sigmoid var cov std".split()
)
SMALL_WORD = re.compile(
    r"\b(?:to|or|in|is|of|at|an|by|on|no|so|we|he|it|if|as|be|do|go|me|my|us|up|ou|et"
    r"|le|la|de|un)\b"
)
# what a formula without TeX is made of
PLAIN_SIGNS = re.compile(r"[\w\s()+\-*/=<>|,.:;'!\[\]≤≥≠≈∈→×·±∞∑∏∂∇√…]+")
OPERATOR = re.compile(r"[=<>+*/^≤≥≠≈∈→×·±]|\w\(")
NUMBER_FIRST = re.compile(r"[\d.,]+(?:\s|\Z)")
DIGIT_LAST = re.compile(r"\d\s*\Z")
# Words, numbers and the signs of a sentence: what stands in a pair of
# brackets that Markdown made Markdown escape.
WORDS_ONLY = re.compile(r"[\w\s,.;:!?'\"’“”&@#%()\[\]–—/-]*")
ESCAPED_BRACKET = re.compile(r"\\([\[\]()])")

QUOTED = re.compile(r"[\"`“”]")


def dollars_hold_a_formula(content: str, *, before: str, after: str) -> bool:
    if not content or "`" in content:
        return False
    if content[0].isspace() or content[-1].isspace():
        return is_clearly_a_formula(content, before=before, after=after)
    looks_like_money = (
        before[-1:].isdigit() or after.isdigit() or bool(PRICE.match(content))
    )
    return not looks_like_money or bool(LATEX_MARK.search(content))


def is_clearly_a_formula(content: str, *, before: str, after: str) -> bool:
    """Whether what stands between dollars with a space inside is a
    formula, and not the words between two prices.
    """
    words = content.strip()
    if not words or r"\$" in words or "://" in words:
        return False
    naked = without_groups(words)
    if TWO_WORDS.search(naked):
        return False
    if COMMAND.search(words):
        return True
    if after.isdigit() or DIGIT_LAST.search(before):
        return False
    if LATEX_MARK.search(words):
        return not any(
            len(word) > 3 and word.lower() not in NAMES for word in WORD.findall(naked)
        )
    if not PLAIN_SIGNS.fullmatch(words) or not WORD.search(words):
        return False
    if any(len(word) > 2 and word.lower() not in NAMES for word in WORD.findall(words)):
        return False
    if SMALL_WORD.search(words):
        return False
    if NUMBER_FIRST.match(words):
        return bool(OPERATOR.search(words))
    return len(words.split()) <= 2 or bool(OPERATOR.search(words)) or "," in words


def without_groups(words: str) -> str:
    """Without commands and what stands in their braces, which may
    be words.
    """
    return IN_BRACES.sub(" ", COMMAND.sub(" ", words))


def is_prose(content: str) -> bool:
    """Whether escaped brackets hold a number or words, as in `\\[1\\]` and
    `\\(see below\\)`.
    """
    words = ESCAPED_BRACKET.sub(r"\1", content.strip())
    if "`" in words or "://" in words:
        return True
    if not WORDS_ONLY.fullmatch(words) or LATEX_MARK.search(words):
        naked = without_groups(words)
        return bool(TWO_WORDS.search(naked)) and not re.search(r"[\\^{=]", words)
    letters = [word for word in WORD.findall(words) if word.lower() not in NAMES]
    if not letters:
        return not any(word.lower() in NAMES for word in WORD.findall(words))
    called = set(re.findall(r"([^\W\d_]+)\(", words))
    return any(is_a_word(word) and word not in called for word in letters)


def is_a_word(letters: str) -> bool:
    return (
        len(letters) > 2
        or (len(letters) == 2 and letters.islower())
        or ord(letters[0]) > 0x2E80
    )
