"""What the addresses of the site need beside their names, from the
rows of a world.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType

from bookmarks.models import Bookmark
from community.models import Comment, Post
from curriculum import outline
from curriculum.models import Activity, Curriculum, Route
from mail import tokens
from mail.models import Delivery
from members.models import Member
from papers.models import Feed, Paper
from pictures.models import Upload
from progress.models import LoggedTime

Parameters = dict[str, dict[str, Any]]

POST_PAGES = (
    "post",
    "edit_post",
    "history",
    "comment",
    "react",
    "remove",
    "quote_post",
    "join",
    "newer",
    "separate",
    "show",
)
POLL_PAGES = ("vote", "add_option", "remove_option", "poll", "close_poll", "votes")
COMMENT_PAGES = (
    "edit_comment",
    "comment_history",
    "quote_comment",
    "accept",
    "react_to_comment",
    "remove_comment",
)
UPLOAD_PAGES = ("large", "small", "file", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows that addresses name."""

    now: datetime
    curriculum: Curriculum
    step: outline.Step
    forked: outline.Step
    logged: LoggedTime
    paper: Paper
    feed: Feed
    question: Post
    answer: Comment
    notice: Post
    poll: Post
    deliveries: dict[str, Delivery]
    sign_in_token: str
    outbox_name: str
    bookmark: Bookmark
    draft_key: UUID
    upload: Upload


def parameters(who: dict[str, Member], rows: Rows) -> Parameters:
    """By name of an address; the empty name stands for all the others."""
    return {
        "": _everywhere(rows),
        "members:person": {"handle": "member-person"},
        "members:sign_in_link": {"token": rows.sign_in_token},
        "account_reset_password_from_key": {"uidb36": "1", "key": "set-password"},
        "mfa_remove_webauthn": {"pk": 0},
        "mfa_edit_webauthn": {"pk": 0},
        "bookmarks:one": {"pk": rows.bookmark.pk},
        "progress:undo_minutes": {"pk": rows.logged.pk},
        "search:same": {"pk": rows.question.pk},
        "progress:row_menu": {"step_slug": rows.step.slug},
        **{f"pictures:{page}": {"key": rows.upload.key} for page in UPLOAD_PAGES},
        **_of_curriculum(rows),
        **_of_community(rows),
        **_of_mail(who["member"], rows),
    }


def _everywhere(rows: Rows) -> dict[str, Any]:
    return {
        "slug": rows.curriculum.slug,
        "step_slug": rows.forked.slug,
        "route_slug": rows.forked.routes[0].slug,
        "activity_key": rows.step.activities[0].key,
        "arxiv_id": rows.paper.arxiv_id,
        "category": rows.feed.category,
        "day": rows.now.date(),
        "number": 2,
        "screen": "goal",
        "app_label": "curriculum",
        "url": "nowhere",
    }


def _of_curriculum(rows: Rows) -> Parameters:
    step, curriculum = {"key": rows.step.key}, {"pk": rows.curriculum.pk}
    return {
        "curriculum:resource": {"slug": "first-course"},
        "curate:step": step,
        "curate:new_route": step,
        "curate:new_activity": step,
        "curate:route": {"pk": Route.objects.order_by("pk")[0].pk},
        "curate:activity": {"pk": Activity.objects.order_by("pk")[0].pk},
        "admin:curriculum_curriculum_publish": curriculum,
        "admin:curriculum_curriculum_export": curriculum,
    }


def _of_community(rows: Rows) -> Parameters:
    question, answer = {"pk": rows.question.pk}, {"pk": rows.answer.pk}
    notice, poll = {"pk": rows.notice.pk}, {"pk": rows.poll.pk}
    return {
        **{f"community:{page}": question for page in POST_PAGES},
        **{f"community:{page}": answer for page in COMMENT_PAGES},
        **{f"community:{page}": poll for page in POLL_PAGES},
        "notifications:watch": question,
        "community:pin": notice,
        "community:put_away": notice,
        "community:draft": {"draft_key": rows.draft_key},
        "community:delete_draft": {"draft_key": rows.draft_key},
        "admin:view_on_site": {
            "content_type_id": ContentType.objects.get_for_model(Post).pk,
            "object_id": rows.question.pk,
        },
    }


def _of_mail(member: Member, rows: Rows) -> Parameters:
    digest = {"pk": rows.deliveries["member"].pk}
    run = {"kind": "digest", "key": "2026-W01"}
    outbox = {"name": rows.outbox_name}
    return {
        "mail:digest": digest,
        "mail:preview": digest,
        "mail:preview_html": digest,
        "mail:send_again": {"pk": rows.deliveries["given up"].pk},
        "mail:count_as_sent": {"pk": rows.deliveries["unheard"].pk},
        "mail:preferences_by_link": {"token": tokens.preferences_token(member)},
        "mail:unsubscribe": {"token": tokens.unsubscribe_token(member, "digest")},
        "mail:kind": {"name": "digest"},
        "mail:kind_html": {"name": "digest"},
        "mail:stop_run": run,
        "mail:send_all_again": run,
        "mail:go_on": {"kind": "inactivity", "key": "2026-01-05"},
        "mail:start": {"what": "digest"},
        "mail:outbox_message": outbox,
        "mail:outbox_html": outbox,
    }
