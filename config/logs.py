"""The one shape of lines in the log: no token and no signed link in them,
and nothing that looks like another line.
"""

import logging
import re
from string import ascii_letters, digits
from typing import Any

CUT = "(cut)"
# What follows these in an address is a secret of somebody: whoever reads
# it can act as the member.
SECRET_PATHS = re.compile(
    r"(/(?:sign-in|mail/preferences|mail/unsubscribe|accounts/password/reset/key"
    r"|accounts/confirm-email|outbox)/)"
    r"[^\s/\"'?<>]+"
)
SECRET_QUERIES = re.compile(
    r"([?&;](?:token|key|code|next|uid|sig)=)[^\s&\"'<>]+", re.IGNORECASE
)
# What django.core.signing makes: value, time, signature. It begins at the
# left end of a run of these characters and gives none of them back:
# whoever asks for a long address would otherwise keep the log busy for
# seconds.
SIGNED = re.compile(r"(?<![\w.=+-])[\w.=+-]++(?::[\w-]{6,}+)?:[\w-]{43}(?![\w-])")
SIGNATURE_MAX = 60  # characters of a signature with its colon, and some more
IN_SIGNATURES = f"{ascii_letters}{digits}_-:"
LINE_MAX = 4000  # characters of one line of a message or a traceback


def clean(text: str) -> str:
    """Without secrets."""
    text = SECRET_PATHS.sub(rf"\1{CUT}", text)
    text = SECRET_QUERIES.sub(rf"\1{CUT}", text)
    return SIGNED.sub(CUT, text)


def shortened(line: str) -> str:
    """At most LINE_MAX characters and a mark.

    No part of a signature is left at the end: the rest could be guessed.
    """
    if len(line) <= LINE_MAX:
        return line
    kept = LINE_MAX - SIGNATURE_MAX
    return f"{line[:kept]}{line[kept:LINE_MAX].rstrip(IN_SIGNATURES)}{CUT}"


class LineFormatter(logging.Formatter):
    """Cuts secrets and overlong lines out of messages and tracebacks, and
    writes the line ends of a message as \\n.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = shortened(
            record.message.replace("\r", "\\r").replace("\n", "\\n")
        )
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        return "\n".join(
            shortened(line) for line in super().formatException(ei).split("\n")
        )

    def format(self, record: logging.LogRecord) -> str:
        return clean(super().format(record))
