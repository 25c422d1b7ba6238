r"""Where a formula begins and ends in Markdown.

People write $…$, $$…$$ and \begin{align} (LaTeX, Jupyter), $`…`$ and a
fence of ```math (GitHub, GitLab), \(…\) and \[…\] (LaTeX, chatbots), and [
… ] when a chatbot's answer lost its backslashes on the way.

The dollar rules are those of Pandoc: no space inside the dollars, no digit
right after the closing one, so that prices stay prices; `3$\times$3` is a
formula all the same, because nobody writes a price with a backslash. With
a space inside the dollars, and between escaped brackets, which Markdown
writes for plain ones, what stands there must look like one.
"""

from text.delimiters.judging import LATEX_MARK, dollars_hold_a_formula
from text.delimiters.plugin import maths_plugin

__all__ = ["LATEX_MARK", "dollars_hold_a_formula", "maths_plugin"]
