"""When a feed is worth visiting again. Pure: dates in, dates out.

arXiv writes new feeds at midnight on its own clock (US Eastern) from
Monday to Friday; on Saturday and Sunday they are empty, on its holidays
the day before stays or they are empty as well.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
WRITTEN_BY = time(0, 15)  # a quarter of an hour for arXiv to write
# the day's feed is not there yet, or this is a holiday
LATE_AGAIN = timedelta(minutes=110)
# a feed shows its day for a day only
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=50), timedelta(hours=4)
LONGEST_ASKED = timedelta(days=2)  # the longest wait that a server may ask for
# from Friday to Monday, with an hour more or less where clocks change
LONGEST_WAIT = timedelta(days=4)


def next_visit(now: datetime, announced_on: date | None) -> datetime:
    """After a visit that went well: the next weekday's midnight, or soon
    when today's feed has yet to come.
    """
    today = now.astimezone(EASTERN).date()
    if today.weekday() < 5 and (announced_on is None or announced_on < today):
        return now + LATE_AGAIN
    day = today + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, WRITTEN_BY, tzinfo=EASTERN)


def next_try(now: datetime, failures: int, asked: timedelta | None = None) -> datetime:
    """After the `failures`-th failure in a row: a pause that doubles up to
    LONGEST_PAUSE.

    It is no shorter than the server asked for.
    """
    pause = min(FIRST_PAUSE * 2 ** min(max(failures - 1, 0), 10), LONGEST_PAUSE)
    return now + max(pause, min(asked or timedelta(0), LONGEST_ASKED))
