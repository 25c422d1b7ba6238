from typing import Any

from django.utils import timezone

from members.models import Member, StudyGroup


def make_member(
    name: str = "Ines Duarte", email: str | None = None, **fields: Any
) -> Member:
    """A member who has finished the onboarding, unless
    `onboarded_at` says otherwise.
    """
    email = (
        email
        or f"{name.lower().replace(' ', '.')}-{Member.objects.count() + 1}@example.org"
    )
    return Member.objects.create_user(
        email, **{"name": name, "onboarded_at": timezone.now(), **fields}
    )


def make_group(name: str = "Tuesday Gradients") -> StudyGroup:
    return StudyGroup.objects.create(pk=1, name=name, set_up_at=timezone.now())
