"""Which curriculum fits a member's goal and hours a week. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from curriculum.outline import Activity, Outline, Step
from progress.core import core_of

# What serves a goal: the purposes of steps and the aspects of activities that count. An
# overview is a short way.
PRACTICE, PROJECTS, MATHS, SHORT = "practice", "projects", "maths", "short"
SERVES = {
    "problem": PRACTICE,
    "apply": PRACTICE,
    "research": MATHS,
    "career": PROJECTS,
    "overview": SHORT,
}
PATIENCE = 52  # weeks that a way may take if a shorter one is there


@dataclass(frozen=True, slots=True)
class Recommendation:
    outline: Outline
    why: str  # one of those of SERVES
    percent: int  # of its core work that serves the goal; 100 where it is the shortest
    weeks: int  # at the member's hours a week; 0 if these are not known


def recommend(
    outlines: Sequence[Outline], goal: str, hours_a_week: int | None = None
) -> Recommendation | None:
    """The curriculum of which the largest part serves the goal, among those that can be
    finished within a year; the shortest if none can. The first of equal ones.

    None without a goal, without a choice, or if nothing serves the goal.
    """
    why = SERVES.get(goal, "")
    if not why or len(outlines) < 2:
        return None
    weeks = {
        outline.key: -(-outline.hours // hours_a_week) if hours_a_week else 0
        for outline in outlines
    }
    shortest = min(outlines, key=lambda outline: outline.hours)
    in_time = [outline for outline in outlines if weeks[outline.key] <= PATIENCE] or [
        shortest
    ]
    percents = {outline.key: _percent(outline, goal, why) for outline in outlines}
    best = (
        shortest
        if why == SHORT
        else max(in_time, key=lambda outline: percents[outline.key])
    )
    percent = percents[best.key]
    return Recommendation(best, why, percent, weeks[best.key]) if percent else None


def _percent(outline: Outline, goal: str, why: str) -> int:
    """How much of the core minutes, on the routes recommended for the goal, serves it."""
    if why == SHORT:
        return 100
    whole = part = 0
    for step in outline.steps:
        for activity in core_of(step, step.default_route(goal)).values():
            whole += activity.minutes
            if _serves(step, activity, why):
                part += activity.minutes
    return 100 * part // whole if whole else 0


def _serves(step: Step, activity: Activity, why: str) -> bool:
    if why == MATHS:
        return activity.aspect == "math"
    return step.purpose == "project" or (why == PRACTICE and step.purpose == "practice")
