"""What people type, in the one form in which it is stored.

Browsers send line ends as CR LF, keyboards and copied pages bring several
spellings of one letter, and some characters are not seen at all or change
how the text around them is shown. Every form, import and harvest passes
text through one of these functions on the way in. Each gives the same text
when it is used again on its own result.
"""

from text.typed.cleaning import (
    can_be_seen,
    clean_address,
    clean_line,
    clean_name,
    clean_text,
)
from text.typed.folding import folded

__all__ = [
    "can_be_seen",
    "clean_address",
    "clean_line",
    "clean_name",
    "clean_text",
    "folded",
]
