"""Markdown in, safe HTML out: the one way by which a member's text
reaches a page.
"""

from text.markdown.parser import PARSER
from text.markdown.rendering import Block, blocks_of, render
from text.shape import Mentions

__all__ = ["PARSER", "Block", "Mentions", "blocks_of", "render"]
