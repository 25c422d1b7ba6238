"""The admin of what is taught.

Nothing is deleted here that a record could point to: it is retired.
"""

from curriculum.admin.activities import ActivityAdmin
from curriculum.admin.curricula import CurriculumAdmin
from curriculum.admin.resources import ResourceAdmin, SectionAdmin
from curriculum.admin.steps import RouteAdmin, StepAdmin

__all__ = [
    "ActivityAdmin",
    "CurriculumAdmin",
    "ResourceAdmin",
    "RouteAdmin",
    "SectionAdmin",
    "StepAdmin",
]
