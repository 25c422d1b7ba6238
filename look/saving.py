"""What the button that saves a thing shows, as slots of a card (look/cards.py).

So one card serves readers who saved it and readers who did not.
"""

from collections.abc import Mapping

from markupsafe import Markup

SAVE_SLOTS = ("save_pressed", "save_wanted")


def save_slots(is_saved: bool) -> Mapping[str, str]:
    """Whether the button is pressed, and what pressing it asks for."""
    return _SAVED if is_saved else _NOT_SAVED


# As HTML, which is not escaped for each card again.
_SAVED = {"save_pressed": Markup("true"), "save_wanted": Markup("off")}
_NOT_SAVED = {"save_pressed": Markup("false"), "save_wanted": Markup("on")}
