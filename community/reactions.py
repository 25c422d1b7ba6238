"""Which reactions posts and comments have got, and which of them are the reader's."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from community.models import Comment, Post, Reaction
from members.models import Member

ICONS = {"helped": "lightbulb", "thanks": "thumbs-up", "same": "users"}
FOR_QUESTIONS = (Reaction.Kind.SAME, Reaction.Kind.HELPED)
FOR_OTHERS = (Reaction.Kind.HELPED, Reaction.Kind.THANKS)


@dataclass(frozen=True, slots=True)
class Button:
    """One reaction below a text: how many said it, whether the reader did, what pressing it asks for."""

    kind: str
    label: str
    icon: str
    count: int
    pressed: bool

    @property
    def wanted(self) -> str:
        return "off" if self.pressed else "on"


def buttons(member: Member, targets: Iterable[Post | Comment]) -> dict[Post | Comment, list[Button]]:
    """The buttons below each of `targets`. One query for any number of them."""
    targets = list(targets)
    posts = [target.pk for target in targets if isinstance(target, Post)]
    comments = [target.pk for target in targets if isinstance(target, Comment)]
    rows = (
        Reaction.objects.filter(Q(post__in=posts) | Q(comment__in=comments))
        .values_list("post_id", "comment_id", "kind")
        .annotate(count=Count("pk"), mine=Count("pk", filter=Q(member=member)))
    )
    said = {(post, comment, kind): (count, mine) for post, comment, kind, count, mine in rows}
    return {target: [_button(target, kind, said) for kind in kinds_for(target)] for target in targets}


def kinds_for(target: Post | Comment) -> tuple[Reaction.Kind, ...]:
    return FOR_QUESTIONS if isinstance(target, Post) and target.kind == Post.Kind.QUESTION else FOR_OTHERS


def _button(
    target: Post | Comment, kind: Reaction.Kind, said: dict[tuple[int | None, int | None, str], tuple[int, int]]
) -> Button:
    key = (target.pk, None, kind.value) if isinstance(target, Post) else (None, target.pk, kind.value)
    count, mine = said.get(key, (0, 0))
    return Button(kind=kind.value, label=str(kind.label), icon=ICONS[kind], count=count, pressed=mine > 0)
