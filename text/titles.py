"""A title as plain words: for mails, tab titles, labels and messages,
where no formula can be set.
"""

import re
from functools import lru_cache

from text.inline import SIGNS, InlineHtml
from text.limits import TEXT_MAX, without_surrogates
from text.texwords import (
    LOWERED,
    RAISED,
    scripted,
    without_commands,
    words_of_formula,
)

# Braces that are code: never the argument of a command. A colon alone is
# code in pairs such as {lr: 0.1, n: 3} only.
CODE_IN_BRACES = re.compile(
    r"""(?<![A-Za-z\\}])\{
    (?: [^{}\\]{0,200}["'*=%<>][^{}\\]{0,200}
      | (?:\s*[\w.-]{1,40}\s*:\s*[\w.-]{1,40}\s*,?){1,9}
      | [\d.\s]{1,40},[\d.,\s]{1,200}
    )\}""",
    re.VERBOSE,
)
ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]{1,40}\s{1,9}$")
SCRIPT = re.compile(r"\\text(super|sub)script\s*\{([^{}\\$]{1,40})\}")
FOLDER = re.compile(r"(?<![A-Za-z])[A-Z]:\\[\w\\.~-]+")
KEPT = re.compile(f"{CODE_IN_BRACES.pattern}|{FOLDER.pattern}", re.VERBOSE)


@lru_cache(maxsize=4096)
def plain_title(text: str) -> str:
    """One line of plain text from a title with TeX; a price keeps its
    dollar. The answer is text, not HTML.

    Never raises.
    """
    text = without_surrogates(text)
    if len(text) > TEXT_MAX or not re.search(r"[\\${}~`]|--|''", text):
        return " ".join(text.split())
    text = SCRIPT.sub(
        lambda found: small(found[2], is_raised=found[1] == "super"), text
    )
    line = TitleWords()
    end = 0
    first_sign = next((n for n, sign in enumerate(text) if sign in "\\$"), len(text))
    for found in KEPT.finditer(text):
        if belongs_to_formula(text, found.start(), first_sign):
            continue
        line.read(text[end : found.start()])
        line.add(found[0])
        end = found.end()
    line.read(text[end:])
    return " ".join(line.closed().split())


def belongs_to_formula(text: str, at: int, first_sign: int) -> bool:
    """Return whether the braces there are a script or an argument of a
    formula, as in `\\sum_{i=1}`.

    `first_sign`: where the first dollar or backslash of the text stands; before it
    there is no formula.
    """
    if ENDS_IN_COMMAND.search(text, max(0, at - 50), at):
        return True
    return first_sign < at and text[at - 1] in "_^$"


def small(words: str, *, is_raised: bool) -> str:
    if is_raised:
        return scripted(words.strip(), RAISED, "^")
    return scripted(words.strip(), LOWERED, "_")


class TitleWords(InlineHtml):
    """As `InlineHtml`, without a tag."""

    is_plain = True

    def __init__(self) -> None:
        super().__init__(links=False)

    def add(self, words: str) -> None:
        if words.startswith("\\") and words[1:] not in SIGNS:
            words = without_commands(words)
        self.out.append(words)

    def open(self, element: str) -> None:
        self.out.append("")
        self.ends.append("")

    def formula(self, source: str, *, sure: bool = True) -> bool:
        if sure:
            self.out.append(words_of_formula(source))
        return sure

    def style(self, name: str, typed: str) -> None:
        if name == "footnote":
            super().style(name, typed)
        else:
            self.open("")
