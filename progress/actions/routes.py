"""Choose and leave the routes of a step."""

import uuid
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from curriculum.outline import Step
from progress import tally
from progress.actions.enrollments import lock
from progress.actions.finishes import note_finished
from progress.actions.log import log_event
from progress.actions.refusals import UnknownRoute
from progress.models import Enrollment, RouteChoice, StudyEvent

Kind = StudyEvent.Kind


@transaction.atomic
def choose_route(
    enrollment: Enrollment,
    step_key: UUID,
    route_key: UUID,
    *,
    now: datetime,
    alongside: bool = False,
) -> None:
    """Take the route in place of the active ones, or `alongside` them.

    The recommended route is active without a choice, so choosing it alone stores
    nothing. Raises UnknownRoute.
    """
    step, chosen = _step_and_choices(enrollment, step_key, route_key)
    note_finished(enrollment, now)
    active = set(tally.active_routes(step, chosen, enrollment.member.goal))
    wanted = {route_key}
    if alongside:
        wanted |= active
    if wanted == active and not chosen:
        return
    _set_routes(enrollment, step_key, chosen, wanted, now)


@transaction.atomic
def leave_route(
    enrollment: Enrollment, step_key: UUID, route_key: UUID, *, now: datetime
) -> None:
    """Leave the route; without any the recommended one is active. Raises UnknownRoute."""
    _step, chosen = _step_and_choices(enrollment, step_key, route_key)
    note_finished(enrollment, now)
    _set_routes(enrollment, step_key, chosen, set(chosen) - {route_key}, now)


def _step_and_choices(
    enrollment: Enrollment, step_key: UUID, route_key: UUID
) -> tuple[Step, list[UUID]]:
    """The step, and the keys of its chosen routes in the order of choosing."""
    lock(enrollment)
    step = enrollment.release.outline.step_by_key(step_key)
    if step is None or step.route(route_key) is None:
        raise UnknownRoute(_("This step has no such route."))
    choices = enrollment.route_choices.filter(step_key=step_key)
    in_order = choices.order_by("chosen_at", "pk")
    return step, list(in_order.values_list("route_key", flat=True))


def _set_routes(
    enrollment: Enrollment,
    step_key: UUID,
    chosen: list[UUID],
    wanted: set[UUID],
    now: datetime,
) -> None:
    left = [key for key in chosen if key not in wanted]
    new = sorted(wanted - set(chosen))
    RouteChoice.objects.filter(
        enrollment=enrollment, step_key=step_key, route_key__in=left
    ).delete()
    RouteChoice.objects.bulk_create(
        RouteChoice(
            enrollment=enrollment, step_key=step_key, route_key=key, chosen_at=now
        )
        for key in new
    )
    press_id = uuid.uuid4()
    changes = [(Kind.ROUTE_LEFT, key) for key in left]
    changes += [(Kind.ROUTE_CHOSEN, key) for key in new]
    for kind, key in changes:
        log_event(
            enrollment.member,
            kind,
            now,
            press_id=press_id,
            curriculum_id=enrollment.curriculum_id,
            step=str(step_key),
            route=str(key),
        )
