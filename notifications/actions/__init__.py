"""Every change to what members are told of, have read and watch."""

from notifications.actions.accepted import tell_accepted
from notifications.actions.cleaning import KEPT, forget_old
from notifications.actions.comments import tell_comments
from notifications.actions.mentions import tell_mentions
from notifications.actions.polls import tell_polls
from notifications.actions.posts import tell_posts
from notifications.actions.questions import look_after_questions
from notifications.actions.reaching import choose_ways, mail_nothing_at_once
from notifications.actions.reactions import tell_reactions
from notifications.actions.reading import read_all, read_announcements, read_post
from notifications.actions.telling import tell_everything
from notifications.actions.watching import follow, level, watch

__all__ = [
    "KEPT",
    "choose_ways",
    "follow",
    "forget_old",
    "level",
    "look_after_questions",
    "mail_nothing_at_once",
    "read_all",
    "read_announcements",
    "read_post",
    "tell_accepted",
    "tell_comments",
    "tell_everything",
    "tell_mentions",
    "tell_polls",
    "tell_posts",
    "tell_reactions",
    "watch",
]
