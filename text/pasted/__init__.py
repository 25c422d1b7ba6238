"""Code and program output that was pasted without a fence is set as code
all the same.

A traceback, a session of a shell or of Python, a compiler's or an
installer's messages, a log, and lines of code: line breaks and
leading spaces are their meaning, and `__init__` or `*args` are no
emphasis. A first line that leaves no doubt is enough (`Traceback
(most recent call last):`, `>>> x = 1`); of lines that only look
like code there must be two together.
"""

from text.pasted.blocks import pasted_plugin
from text.pasted.kinds import may_be_pasted

__all__ = ["may_be_pasted", "pasted_plugin"]
