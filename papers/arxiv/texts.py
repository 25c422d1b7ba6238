"""Text of feeds on one line, of a bounded length and without what cannot be seen."""

import html
import re

# Controls, and the marks that turn the direction of what follows on the page.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+"
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def without_tags(text: str) -> str:
    return html.unescape(_TAG.sub(" ", text)) if "<" in text or "&" in text else text


def on_one_line(text: str) -> str:
    return " ".join(_UNSEEN.sub(" ", text).split())


def clipped(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
