"""Dates, durations and time zones as pendulum, dateutil and the standard library make them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from transpiler.evaluate import operations
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.truth import is_plain

_SLASHES = re.compile(r"^(\d{4})/(\d\d)/(\d\d)")
_PERHAPS_DATE = re.compile(r"now$|P[\dA-Z.,]+$|\d\d[\dTWZ:/ +.,-]*$")
"""What pendulum may take beside ISO dates: times, weeks, durations, intervals."""


def zone(site: CallSite, name: Any = "UTC") -> Any:
    """A time zone by its name."""
    from zoneinfo import ZoneInfo

    if not isinstance(name, str):
        return site.symbolic("the time zone is not known")
    return (
        timezone.utc
        if name.upper() == "UTC"
        else operations.attempt(lambda: ZoneInfo(name), site.node)
    )


def pendulum_datetime(site: CallSite, *args: Any, tz: Any = "UTC", **kwargs: Any) -> Any:
    """`pendulum.datetime(…)`, in UTC unless said."""
    if not all(map(is_plain, (*args, tz, *kwargs.values()))):
        return site.symbolic("a part of the date is not known")
    home = tz if not isinstance(tz, str) else zone(site, tz)
    kwargs.pop("fold", None)
    kwargs.setdefault("tzinfo", home)
    return operations.attempt(lambda: datetime(*args, **kwargs), site.node)


def pendulum_duration(site: CallSite, **kwargs: Any) -> Any:
    """`pendulum.duration(…)`."""
    from dateutil.relativedelta import relativedelta

    if not all(map(is_plain, kwargs.values())):
        return site.symbolic("a part of the duration is not known")
    kind: Any = relativedelta if {"years", "months"} & set(kwargs) else timedelta
    return operations.attempt(lambda: kind(**kwargs), site.node)


def pendulum_parse(site: CallSite, text: Any, tz: Any = "UTC", **_: Any) -> Any:
    """`pendulum.parse(…)` of an ISO date."""
    from dateutil import parser

    if not isinstance(text, str) or not is_plain(tz):
        return site.symbolic("the date is not known")
    try:
        parsed = parser.isoparse(_SLASHES.sub(r"\1-\2-\3", text))
    except ValueError as error:
        if _PERHAPS_DATE.match(text):
            return site.symbolic("the form of the date is not evaluated")
        raise DagCodeError(
            "ParserError", f"Unable to parse string [{text[:60]}]", site.node
        ) from error
    return (
        parsed
        if parsed.tzinfo
        else parsed.replace(tzinfo=zone(site, tz) if isinstance(tz, str) else tz)
    )


def relative(site: CallSite, **kwargs: Any) -> Any:
    """`relativedelta(…)`."""
    from dateutil.relativedelta import relativedelta

    if not all(map(is_plain, kwargs.values())):
        return site.symbolic("a part of the delta is not known")
    return operations.attempt(lambda: relativedelta(**kwargs), site.node)
