"""Why a change of a member's progress is refused. The texts can be shown to the member."""

from members.refusals import Refused


class NotPublished(Refused):
    pass


class NotCurrent(Refused):
    pass


class PauseEnded(Refused):
    pass


class NotAllDone(Refused):
    pass


class OtherCurriculum(Refused):
    pass


class UnknownRoute(Refused):
    pass


class BadConfidence(Refused):
    pass


class BadMinutes(Refused):
    pass


class BadDay(Refused):
    pass
