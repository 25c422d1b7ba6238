"""Why a change is refused, each in words for the member."""


class Refused(Exception):
    """The change cannot be made; the text says why and can be shown to the member."""


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
