"""The buttons for reactions below posts and comments."""

from dataclasses import dataclass

from community.listed import ListedPost
from community.models import Comment, Post, Reaction

ICONS = {"helped": "lightbulb", "thanks": "thumbs-up", "same": "users"}
FOR_COMMENTS = ("helped", "thanks")

Target = Post | Comment | ListedPost


@dataclass(frozen=True, slots=True)
class Button:
    """The button of one reaction: how many members reacted, whether the reader did, and
    what pressing it requests.
    """

    kind: str
    label: str
    icon: str
    count: int
    pressed: bool

    @property
    def wanted(self) -> str:
        return "off" if self.pressed else "on"


def buttons(target: Target) -> list[Button]:
    """The buttons below a post or comment of `with_reactions_of(reader)`. No query.

    Without that annotation no button is shown as pressed.
    """
    return [button(target, kind) for kind in kinds_for(target)]


def kinds_for(target: Target) -> list[Reaction.Kind]:
    names = FOR_COMMENTS if isinstance(target, Comment) else target.traits.reactions
    return [Reaction.Kind(name) for name in names]


def button(target: object, kind: Reaction.Kind) -> Button:
    return Button(
        kind=kind.value,
        label=str(kind.label),
        icon=ICONS[kind],
        count=getattr(target, f"{kind.value}_count"),
        pressed=getattr(target, f"my_{kind.value}", False),
    )
