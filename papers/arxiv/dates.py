"""The day that a feed is from, on arXiv's own clock."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from papers.arxiv.document import Document

FIRST_YEAR = 1991  # arXiv's first
EASTERN = ZoneInfo("America/New_York")


def announced_on(reader: Document) -> date | None:
    channel = reader.channel
    if reader.layout == "rdf":
        # The old feeds were written in the evening before the day whose announcement
        # they are.
        moment = _moment(channel.get("date", ""))
        return (moment + timedelta(hours=4)).date() if moment else None
    published = Counter(
        day for item in reader.items if (day := _moment(item.get("published", "")))
    )
    candidates = [channel.get("pubDate", ""), channel.get("lastBuildDate", "")]
    for moment in [
        *map(_moment, candidates),
        *(m for m, _ in published.most_common(1)),
        _moment(channel.get("updated", "")),
    ]:
        if moment:
            return moment.date()
    return None


def _moment(text: str) -> datetime | None:
    """A date of RFC 822 or ISO 8601 on arXiv's clock; None when it is neither, or lies
    before arXiv.
    """
    text = text.strip()[:60]
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            moment = (
                moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            ).astimezone(EASTERN)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if FIRST_YEAR <= moment.year < 9999 else None
    return None
