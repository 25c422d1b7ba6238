from django.apps import apps
from django.db import models

# Django and allauth write these.
OTHERS = ("django.", "allauth.")


def ours() -> list[models.BaseConstraint]:
    constraints: list[models.BaseConstraint] = []
    for model in apps.get_models():
        if not model.__module__.startswith(OTHERS):
            constraints += model._meta.constraints
    return constraints


def test_every_constraint_says_in_words_what_is_wrong() -> None:
    silent = [
        each.name
        for each in ours()
        if each.violation_error_message == each.default_violation_error_message
    ]

    assert silent == []
