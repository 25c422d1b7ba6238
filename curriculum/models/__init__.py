"""Curricula of steps, routes and activities; the resources they
use; their releases.
"""

from curriculum.models.activity import ASKED_TWICE, Activity, Aspect
from curriculum.models.curriculum import Curriculum, CurriculumQuerySet
from curriculum.models.release import (
    KEPT_OUTLINES,
    KEPT_OUTLINES_MAX,
    Release,
    ReleaseQuerySet,
)
from curriculum.models.resource import Resource, ResourceQuerySet
from curriculum.models.route import Route
from curriculum.models.section import Section
from curriculum.models.step import Purpose, Step

__all__ = [
    "ASKED_TWICE",
    "KEPT_OUTLINES",
    "KEPT_OUTLINES_MAX",
    "Activity",
    "Aspect",
    "Curriculum",
    "CurriculumQuerySet",
    "Purpose",
    "Release",
    "ReleaseQuerySet",
    "Resource",
    "ResourceQuerySet",
    "Route",
    "Section",
    "Step",
]
