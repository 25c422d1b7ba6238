"""Pages."""

from curriculum.views.curricula import (
    curricula,
    curriculum,
    release,
    release_file,
    releases,
)
from curriculum.views.library import resource, resources

__all__ = [
    "curricula",
    "curriculum",
    "release",
    "release_file",
    "releases",
    "resource",
    "resources",
]
