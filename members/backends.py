"""Permissions follow roles: the owner may all, curators what is taught,
moderators what is said.
"""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from members.models import Member

CURATOR_APPS = {"curriculum", "papers"}
MODERATOR_APPS = {"community"}


class RoleBackend(BaseBackend):
    def has_perm(self, user_obj: Any, perm: str, obj: object = None) -> bool:
        return self.has_module_perms(user_obj, perm.partition(".")[0])

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        if not isinstance(user_obj, Member) or not user_obj.is_active:
            return False
        return (
            user_obj.is_owner
            or (user_obj.is_curator and app_label in CURATOR_APPS)
            or (user_obj.is_moderator and app_label in MODERATOR_APPS)
        )
