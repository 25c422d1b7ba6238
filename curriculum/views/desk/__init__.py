"""Pages: curators edit a draft where members read it, see what changes,
and publish.
"""

from curriculum.views.desk.activities import activity, new_activity
from curriculum.views.desk.drafts import desk, draft, publish
from curriculum.views.desk.forms import ConflictRow
from curriculum.views.desk.frame import DraftBeside
from curriculum.views.desk.order import move, retire
from curriculum.views.desk.routes import new_route, route
from curriculum.views.desk.steps import Group, Preview, new_step, step

__all__ = [
    "ConflictRow",
    "DraftBeside",
    "Group",
    "Preview",
    "activity",
    "desk",
    "draft",
    "move",
    "new_activity",
    "new_route",
    "new_step",
    "publish",
    "retire",
    "route",
    "step",
]
