"""Start and end dates of a DAG, and the time zone that they give it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from dateutil.parser import isoparse

from transpiler.lower.reporting import about
from transpiler.lower.shown_code import shortened
from transpiler.model.dag import Argument
from transpiler.model.finding import Finding
from transpiler.model.values import Call, Symbolic, Value

UTC = "UTC"


@dataclass(frozen=True, slots=True)
class ScheduleDates:
    """ISO texts with offsets, None where not given or not known; `timezone` is an IANA name."""

    start: str | None = None
    end: str | None = None
    timezone: str = UTC
    findings: tuple[Finding, ...] = ()


def lower_dates(start: Argument | None, end: Argument | None) -> ScheduleDates:
    """The dates of a DAG. A naive date is in UTC, Airflow's default time zone."""
    findings: list[Finding] = []
    first = _read("start_date", start, findings)
    last = _read("end_date", end, findings)
    zone = UTC
    if first is not None and first.tzinfo is not None:
        name = zone_name(first.tzinfo)
        if name is None:
            assert start is not None
            detail = f"the time zone {first.tzinfo} of start_date has no name; UTC is used"
            findings.append(about("D2Z206", start, detail))
        zone = name or UTC
    return ScheduleDates(_iso(first), _iso(last), zone, tuple(findings))


def zone_name(zone: tzinfo) -> str | None:
    """IANA name of a time zone; a fixed offset of whole hours has one (`Etc/GMT-2`), others have
    none.
    """
    key = getattr(zone, "key", None)
    if isinstance(key, str):
        return key
    offset = zone.utcoffset(None)
    if offset is None or offset % timedelta(hours=1) or abs(offset) > timedelta(hours=12):
        return None
    hours = offset // timedelta(hours=1)
    return f"Etc/GMT{-hours:+d}" if hours else UTC


def _iso(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).isoformat()


def _read(name: str, argument: Argument | None, findings: list[Finding]) -> datetime | None:
    if argument is None or argument.value is None:
        return None
    value = argument.value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, str):
        try:
            return isoparse(value)
        except ValueError:
            findings.append(about("D2Z303", argument, f"{name} {value!r} is not an ISO date"))
            return None
    findings.append(_unknown(name, argument, value))
    return None


def _unknown(name: str, argument: Argument, value: Value) -> Finding:
    code = value.code if isinstance(value, (Call, Symbolic)) else type(value).__name__
    if name == "start_date":
        detail = f"start_date is {shortened(code)}, known only when Airflow reads the file"
        return about("D2Z207", argument, detail)
    return about("D2Z216", argument, f"{name} is {shortened(code)}, known only when the file runs")
