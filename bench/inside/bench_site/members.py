"""Who is in the group."""

from bench_site.group import WITH_SCREENS, Group, moment
from bench_site.loading import load


class Members:
    """Members, their addresses, and when some want their digest."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.size = group.size

    def members(self) -> None:
        count = self.size.members
        joined = moment(self.group.now - WITH_SCREENS)
        load(
            "members.StudyGroup",
            ("id", "name", "tagline", "set_up_at"),
            [("1", "A big study group", "We read and build together", joined)],
            1,
        )
        columns = (
            *("id", "password", "email", "name", "time_zone", "goal", "hours_per_week"),
            *("shows_step", "joined_at", "proved_at", "onboarded_at", "is_active"),
            *("owner_since", "is_superuser", "last_login"),
        )
        goals = ("problem", "apply", "research", "career", "overview", "")
        names = self.group.texts.names(count)
        zones = self.group.texts.ZONES
        rows = (
            (
                str(n),
                "!",
                f"m{n}@example.org",
                names[n - 1],
                zones[n % len(zones)],
                goals[n % len(goals)],
                str(2 + n % 10),
                str(n % 2),
                joined,
                joined,
                joined,
                "1",
                joined if n == 1 else None,
                "0",
                joined,
            )
            for n in range(1, count + 1)
        )
        load("members.Member", columns, rows, count)
        addresses = (
            (str(n), f"m{n}@example.org", "1", "1") for n in range(1, count + 1)
        )
        load(
            "account.EmailAddress",
            ("user_id", "email", "verified", "primary"),
            addresses,
            count,
        )
        preferences = (
            (str(n), "6", "18", "0", "0") for n in range(1, count + 1) if n % 5 == 0
        )
        load(
            "mail.Preference",
            (
                *("member_id", "digest_weekday", "digest_hour"),
                *("version", "links_version"),
            ),
            preferences,
            count // 5,
        )
