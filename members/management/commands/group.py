"""`manage.py group --name "Tuesday Gradients"`: what was typed on the first-run page,
changed later.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser

from members.forms import NameField
from members.models import StudyGroup
from text.typed import clean_line


class Command(BaseCommand):
    help = (
        "Show the study group’s name and its sentence, or change them. Pages show "
        "the change within half a minute."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", help="the name that every page and mail shows")
        parser.add_argument(
            "--tagline", help="one sentence about the group; an empty one takes it away"
        )

    def handle(self, *, name: str | None, tagline: str | None, **options: Any) -> None:
        group = StudyGroup.objects.first()
        if group is None:
            raise CommandError(
                "There is no study group yet. Open the site and finish the first-run page."
            )
        changed = {}
        if tagline is not None:
            changed["tagline"] = clean_line(tagline)
        try:
            if name is not None:
                changed["name"] = _as_the_form_reads_it(name)
            for field, text in changed.items():
                setattr(group, field, text)
            group.full_clean()
        except ValidationError as error:
            wrong = [
                f"{field}: {words[0]}" for field, words in error.message_dict.items()
            ]
            raise CommandError("\n".join(wrong)) from None
        if changed:
            group.save(update_fields=[*changed])
        self.stdout.write(f"Name: {group.name}\nSentence: {group.tagline or '(none)'}")


def _as_the_form_reads_it(name: str) -> str:
    """Raises ValidationError for the field `name`."""
    try:
        cleaned: str = NameField().clean(name)
    except ValidationError as error:
        raise ValidationError({"name": error.messages}) from error
    return cleaned
