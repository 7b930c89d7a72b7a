"""Time differences in English words, as pendulum 3 rounds them."""

from __future__ import annotations

from datetime import datetime, timezone

from dateutil.relativedelta import relativedelta


def describe_difference(
    moment: datetime, since: datetime | None = None, *, absolute: bool = False
) -> str:
    """Say how far `moment` is from `since`, or from now: `2 days ago`, `1 week before`."""
    other = since or datetime.now(timezone.utc)
    later = moment > other
    delta = relativedelta(max(moment, other), min(moment, other))
    words = _words(delta)
    if absolute:
        return words
    if since is None:
        return f"in {words}" if later else f"{words} ago"
    return f"{words} after" if later else f"{words} before"


def _words(delta: relativedelta) -> str:
    count, unit = _rounded(delta)
    if unit == "second" and count <= 10:
        return "a few seconds"
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _rounded(delta: relativedelta) -> tuple[int, str]:
    """Give the largest unit that is not zero, rounded up where the next one is nearly full."""
    weeks, days = divmod(delta.days, 7)
    if delta.years:
        return delta.years + (delta.months > 6), "year"
    if delta.months == 11 and delta.days > 15:
        return 1, "year"
    if delta.months:
        return delta.months + (delta.days >= 27), "month"
    if weeks:
        return weeks + (days > 3), "week"
    if days:
        return days + (delta.hours >= 22), "day"
    if delta.hours:
        return delta.hours, "hour"
    if delta.minutes:
        return delta.minutes, "minute"
    return delta.seconds, "second"
