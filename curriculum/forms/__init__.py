"""What curators and members type in."""

from curriculum.forms.activities import ActivityForm
from curriculum.forms.curricula import CurriculumForm, ImportForm, PublishForm
from curriculum.forms.fields import CreditField, MarkdownField, markdown_length
from curriculum.forms.library import ACTIVITY, LibraryForm
from curriculum.forms.resources import ResourceForm, SectionForm
from curriculum.forms.slugs import SlugsOnce
from curriculum.forms.steps import RouteForm, RouteRow, StepForm, StepRow

__all__ = [
    "ACTIVITY",
    "ActivityForm",
    "CreditField",
    "CurriculumForm",
    "ImportForm",
    "LibraryForm",
    "MarkdownField",
    "PublishForm",
    "ResourceForm",
    "RouteForm",
    "RouteRow",
    "SectionForm",
    "SlugsOnce",
    "StepForm",
    "StepRow",
    "markdown_length",
]
