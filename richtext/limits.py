"""What a text may cost, and the refusal that its author reads."""

TEXT_MAX = 100_000  # characters


class TextRefused(ValueError):
    """The text cannot be shown; the message says why, in words for its author. Nothing of the text is lost."""
