"""Who: the members of the study group, their roles, and the group itself."""

from members.models.avatar import hue_of, initials_of
from members.models.handle import Handle
from members.models.kept_words import KeptWords
from members.models.member import USUAL_HOURS, Member, check_zone
from members.models.queryset import EPOCH, MemberManager, MemberQuerySet, long_ago
from members.models.sign_in_link import SignInLink
from members.models.study_group import StudyGroup

__all__ = [
    "EPOCH",
    "USUAL_HOURS",
    "Handle",
    "KeptWords",
    "Member",
    "MemberManager",
    "MemberQuerySet",
    "SignInLink",
    "StudyGroup",
    "check_zone",
    "hue_of",
    "initials_of",
    "long_ago",
]
