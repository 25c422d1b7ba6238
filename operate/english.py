"""Words and phrases that the project does not use, and what it uses instead.

`python -m operate.english` checks pages, documents, and the strings and comments of
Python. The curricula and the conversations of the demo are not checked: they have a
voice of their own.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator

from operate.style import Breach, is_product, tracked

INSTEAD = {
    r"anew": "again",
    r"any more": "no longer",
    r"as far as the browser tells": "if the browser says",
    r"at hand": "loaded, kept or stored",
    r"behind (?:its|our|their|your) backs?": "say what is not checked",
    r"by ear": "with a screen reader",
    r"dead|died": "stopped, lost, archived or no longer available",
    r"goes out": "is sent",
    r"hers?(?:elf)?|she": "they, or a sentence without a pronoun",
    r"how-many-th": "the number of",
    r"in hand": "current, or being sent",
    r"in part paid": "partly paid",
    r"in silence": "without a message",
    r"is no (?:day|number|secret)": "is not a",
    r"kin": "similar ones",
    r"look into your mail": "check your email",
    r"ma(?:k|d)es? no sense": "cannot be read, or cannot be used",
    r"means? nothing here": "cannot be used here",
    r"mend(?:s|ed|ing)?": "repair, correct or fix",
    r"not yours to open": "you do not have access",
    r"operators['’] desk": "admin",
    r"per cents": "percentages",
    r"refuge": "say what is used",
    r"second wall": "second check",
    r"shall": "must, will, or the present tense",
    r"still to come": "in the future",
    r"swallow(?:s|ed|ing)?": "ignore",
    r"three convictions": "say what they are",
    r"trips? over": "fails because of",
    r"waits? for you": "is here, or can be found here",
    r"who runs this site": "if you run this site",
    r"would like a word": "say what is meant",
}
PATTERNS = [
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), better)
    for words, better in INSTEAD.items()
]
PAGES = ("*.html", "templates/*.txt", "django_templates/*.txt")
# Lists of English words, for ranking papers.
WORD_LISTS = {"papers/vocabulary.py"}
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/*.md")


def breaches_of_text(path: str, text: str, first: int = 1) -> Iterator[Breach]:
    """Each forbidden phrase in a text whose first line is the line `first` of its file."""
    for pattern, better in PATTERNS:
        for match in pattern.finditer(text):
            line = first + text.count("\n", 0, match.start())
            words = f"“{match[0]}”; better: {better}"
            yield Breach("English", path, line, words)


def texts_of(source: str) -> Iterator[tuple[int, str]]:
    """The strings and comments of a module, with the line on which each begins."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def main() -> int:
    breaches: list[Breach] = []
    for path, text in tracked(*PAGES, *DOCUMENTS).items():
        breaches += breaches_of_text(path, text)
    for path, source in tracked("*.py").items():
        if is_product(path) and path not in WORD_LISTS | {"operate/english.py"}:
            for line, text in texts_of(source):
                breaches += breaches_of_text(path, text, line)
    for breach in sorted(breaches):
        print(breach)
    return bool(breaches)


if __name__ == "__main__":
    sys.exit(main())
