from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.kinds.base import Filter, PostKind, Text

if TYPE_CHECKING:
    from community.models import Post

HINTS = (
    gettext_lazy("What I want to do"),
    gettext_lazy("What I ran"),
    gettext_lazy("The whole error, or what I saw"),
    gettext_lazy("What I tried"),
)


class QuestionKind(PostKind):
    name = "question"
    label = gettext_lazy("Question")
    icon = "circle-help"
    prompt = gettext_lazy("What are you stuck on, %(name)s?")
    page_title = gettext_lazy("Ask the group")
    reactions = ("same", "helped")
    needs_title = gettext_lazy("A question needs a title: ask it in one sentence.")
    accepts_answers = True
    row_template = "community/_accepted.html"
    comments = gettext_lazy("Answers")
    comment = gettext_lazy("Answer")
    post_comment = gettext_lazy("Post answer")
    no_comments = gettext_lazy(
        "No answer yet. Half an answer is welcome: say what you would check first."
    )
    filters = (
        Filter(
            "questions",
            gettext_lazy("Questions"),
            lambda posts, member: posts.of_kind(QuestionKind.name),
        ),
        Filter(
            "unanswered",
            gettext_lazy("Open questions"),
            lambda posts, member: posts.open_questions(),
        ),
    )

    def beginning(self) -> str:
        return "\n\n\n".join(f"**{hint}**" for hint in HINTS) + "\n\n"

    def written(self, body: str) -> str:
        return without_empty_hints(body).strip("\n")

    def clean(self, values: dict[str, Any]) -> dict[str, Text]:
        errors = super().clean(values)
        values["body"] = self.written(values.get("body", ""))
        if not values["body"].strip():
            errors["body"] = _(
                "Say a little more: what did you run, and what did you see?"
            )
        return errors

    def comment_by(self, name: str) -> str:
        return _("Answer by %(name)s") % {"name": name}

    def comment_label(self, author: str, *, is_mine: bool, is_folded: bool) -> str:
        if is_mine:
            return _("Answer your own question")
        return _("Answer %(name)s") % {"name": author}

    def snippet(self, post: "Post", now: datetime) -> str:
        if post.accepted_comment_id is None:
            waited = duration_in_words(now - post.posted_at)
            return _("waiting for %(time)s") % {"time": waited}
        count = self.comment_count(post.comment_count)
        return _("answer accepted, %(comments)s") % {"comments": count}


def without_empty_hints(body: str) -> str:
    """The text without the form's headings below which nothing was written.

    It is read once, from its end: the next line that is kept and not empty tells whether
    anything was written below a heading.
    """
    headings = {f"**{hint}**" for hint in HINTS}
    lines: list[str] = []
    below = ""  # the next line that is kept and not empty
    for line in reversed(body.split("\n")):
        words = line.strip()
        if words in headings and (not below or below in headings):
            continue
        lines.append(line)
        below = words or below
    return "\n".join(reversed(lines))


def duration_in_words(waited: timedelta) -> str:
    if waited.days:
        return ngettext("%(n)s day", "%(n)s days", waited.days) % {"n": waited.days}
    hours = max(1, waited.seconds // 3600)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
