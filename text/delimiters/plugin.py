from markdown_it import MarkdownIt

from text.delimiters.blocks import block_formula
from text.delimiters.inline import inline_formula


def maths_plugin(parser: MarkdownIt) -> None:
    parser.inline.ruler.before("escape", "math_inline", inline_formula)
    parser.block.ruler.before(
        "fence",
        "math_block",
        block_formula,
        {"alt": ["paragraph", "reference", "blockquote"]},
    )
