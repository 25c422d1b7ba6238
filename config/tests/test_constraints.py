from django.apps import apps
from django.db import models

# Django and allauth write these.
OTHERS = ("django.", "allauth.")
# Constraints that only a fault of ours can break, and no form of a member.
WITHOUT_WORDS = {
    "notice_put_away_once",
    "reaction_once_per_comment",
    "reaction_once_per_post",
    "reaction_to_one_thing",
    "revision_of_one_thing",
    "thread_of_the_group_has_no_key",
    "thread_once",
}


def ours() -> list[models.BaseConstraint]:
    constraints: list[models.BaseConstraint] = []
    for model in apps.get_models():
        if not model.__module__.startswith(OTHERS):
            constraints += model._meta.constraints
    return constraints


def test_every_constraint_says_in_words_what_is_wrong() -> None:
    silent = {
        each.name
        for each in ours()
        if each.violation_error_message == each.default_violation_error_message
    }

    assert silent <= WITHOUT_WORDS
