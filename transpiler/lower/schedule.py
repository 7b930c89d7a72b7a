"""An Airflow schedule as the emitted `SCHEDULE` and as migration.json shows it.

Airflow: `create_timetable` in airflow/models/dag.py and presets in airflow/utils/dates.py; the
DAG's time zone is that of its start date.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from croniter import CroniterBadDateError, croniter
from dateutil.relativedelta import relativedelta

from transpiler.lower.assets import Condition, UnknownAssetError, condition_of, is_assets, shown
from transpiler.lower.dates import ScheduleDates
from transpiler.lower.durations import seconds_text
from transpiler.lower.reporting import about
from transpiler.lower.timetables import Timetable, read_timetable
from transpiler.model.dag import Argument
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import ScheduleModel
from transpiler.model.span import Span
from transpiler.model.values import Call, Ref, Symbolic, Value

PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
DAY_SECONDS = 86400.0
# The parts of a relativedelta that have the same length on every calendar day.
_FIXED_PARTS = ("days", "hours", "minutes", "seconds", "microseconds")
_PARTS = ("years", "months", *_FIXED_PARTS)
_SET_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_AT_RANDOM = re.compile(r"(?:^|[\s,])R(?:[(/\s,]|$)", re.IGNORECASE)
_WITH_YEARS = 7
"""Fields of a cron expression whose last is the year."""
_SOME_DAY = datetime(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The emitted schedule, the text that migration.json shows, and findings."""

    model: ScheduleModel
    text: str | None
    findings: tuple[Finding, ...] = ()


def lower_schedule(
    given: Argument | None,
    dates: ScheduleDates,
    *,
    catchup: bool,
    airflow_major: int,
    span: Span,
) -> Schedule:
    """The schedule of a DAG; `given` is its schedule argument, whichever of the three names it has.

    A schedule without equivalent becomes one that is started by hand, with a D2Z206 finding.
    """
    lowering = _ScheduleLowering(given, airflow_major, span)
    core = lowering.lower()
    model = ScheduleModel(
        cron=core.cron,
        every_seconds=core.every_seconds,
        every=core.every,
        once=core.once,
        continuous=core.continuous,
        assets=core.condition if airflow_major >= 3 else None,
        datasets=core.condition if airflow_major < 3 else None,
        events=core.events,
        restrict_to_events=core.restrict_to_events,
        trigger=core.trigger,
        interval_seconds=core.interval_seconds,
        start_date=dates.start,
        end_date=dates.end,
        timezone=core.timezone or dates.timezone,
        catchup=catchup,
    )
    return Schedule(model, core.text, (*dates.findings, *lowering.findings))


@dataclass(frozen=True, slots=True)
class _Core:
    text: str | None
    cron: str | tuple[str, ...] | None = None
    every_seconds: float | None = None
    every: Mapping[str, int] | None = None
    once: bool = False
    continuous: bool = False
    condition: Condition | None = None
    events: tuple[str, ...] = ()
    restrict_to_events: bool = False
    trigger: bool = False
    interval_seconds: float = 0
    timezone: str | None = None


class _ScheduleLowering:
    def __init__(self, given: Argument | None, airflow_major: int, span: Span) -> None:
        self.given = given
        self.airflow_major = airflow_major
        self.span = span
        self.findings: list[Finding] = []

    def lower(self) -> _Core:
        if self.given is None:
            return self._not_given()
        core = self._value(self.given.value)
        if self.airflow_major >= 3 and not isinstance(self.given.value, Call):
            # Airflow 3 has trigger timetables for plain schedules, with intervals of no length.
            return replace(core, trigger=bool(core.cron or core.every_seconds or core.every))
        return core

    def _not_given(self) -> _Core:
        daily = self.airflow_major < 3
        kept = "daily, as Airflow 2 does" if daily else "on demand, as Airflow 3 does"
        detail = f"the DAG says nothing about its schedule; the emitted SCHEDULE runs {kept}"
        self.findings.append(finding("D2Z211", self.span, detail))
        return _seconds(DAY_SECONDS) if daily else _Core(None)

    def _value(self, value: Value) -> _Core:
        if value is None:
            return _Core(None)
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, timedelta):
            return self._interval(value.total_seconds())
        if isinstance(value, relativedelta):
            return self._relative(value)
        if isinstance(value, Call):
            return self._call(value)
        if is_assets(value):
            return self._assets(value, "the pipeline is started by hand")
        return self._no_equivalent(_code(value))

    def _assets(self, value: Value, otherwise: str) -> _Core:
        text = _code(value)
        try:
            condition = condition_of(value)
            return _Core(shown(condition), condition=condition)
        except UnknownAssetError as error:
            detail = f"the schedule has assets: {text}, of which one is not followed: {error}"
            self._find(f"{detail}; {otherwise}", code="D2Z240")
            return _Core(text)

    def _text(self, text: str) -> _Core:
        if text == "@once":
            return _Core(text, once=True)
        if text == "@continuous":
            return _Core(text, continuous=True)
        # croniter itself knows most presets, in capitals too.
        cron = PRESETS.get(text.lower() if croniter.is_valid(text) else text, text)
        if not croniter.is_valid(cron):
            return self._no_equivalent(text, f"{text!r} is not a valid cron expression")
        trouble = _trouble_of(cron)
        return (
            self._no_equivalent(text, f"{text!r} {trouble}") if trouble else _Core(text, cron=cron)
        )

    def _interval(self, seconds: float) -> _Core:
        if seconds <= 0:
            return self._no_equivalent(f"{seconds:g}", "the interval is not longer than 0 seconds")
        return _seconds(seconds)

    def _relative(self, delta: relativedelta) -> _Core:
        parts = {name: getattr(delta, name) for name in _FIXED_PARTS}
        if delta == relativedelta(**parts):
            return self._interval(timedelta(**parts).total_seconds())
        if delta.weekday is not None or delta.leapdays:
            return self._no_equivalent(
                repr(delta), f"{delta!r} depends on the weekday or leap year"
            )
        every = {name: number for name in _PARTS if (number := getattr(delta, name))}
        every |= {name: at for name in _SET_PARTS if (at := getattr(delta, name)) is not None}
        now = datetime.now()
        if now + delta <= now:
            return self._no_equivalent(repr(delta), "the interval is not longer than 0 seconds")
        return _Core(repr(delta), every=every)

    def _call(self, call: Call) -> _Core:
        timetable = read_timetable(call)
        if timetable is None and is_assets(call):
            return self._assets(call, "the pipeline is started by hand")
        if timetable is None:
            return self._no_equivalent(call.code)
        core = self._timed(timetable)
        if timetable.assets is None:
            return core
        by_assets = self._assets(timetable.assets, "the pipeline runs by the clock only")
        if by_assets.condition is None:
            return core
        text = f"{core.text} or {by_assets.text}"
        return replace(core, text=text, condition=by_assets.condition)

    def _timed(self, timetable: Timetable) -> _Core:
        if timetable.events:
            return _Core(
                f"{len(timetable.events)} events",
                events=timetable.events,
                restrict_to_events=timetable.restrict_to_events,
            )
        core = self._crons(timetable.crons) if timetable.crons else self._value(timetable.schedule)
        trigger = timetable.trigger and bool(core.cron or core.every_seconds or core.every)
        seconds = timetable.interval_seconds if trigger else 0.0
        whole = int(seconds) if float(seconds).is_integer() else seconds
        return replace(core, timezone=timetable.timezone, trigger=trigger, interval_seconds=whole)

    def _crons(self, crons: tuple[str, ...]) -> _Core:
        """Several cron expressions, at each of which the DAG runs."""
        cores = [self._text(cron) for cron in crons]
        fires = [core.cron for core in cores if isinstance(core.cron, str)]
        text = ", ".join(crons)
        if len(fires) < len(cores):
            return _Core(text)
        return _Core(text, cron=fires[0] if len(fires) == 1 else tuple(fires))

    def _no_equivalent(self, text: str, why: str | None = None) -> _Core:
        reason = why or f"the schedule {text} has no equivalent"
        self._find(f"{reason}; the pipeline is started by hand")
        return _Core(text)

    def _find(self, detail: str, code: str = "D2Z206") -> None:
        assert self.given is not None
        self.findings.append(about(code, self.given, detail))


def _trouble_of(cron: str) -> str | None:
    """Why Airflow's scheduler fails at a valid expression, or runs it at times that nobody knows."""
    if _AT_RANDOM.search(cron):
        return "fires at random times"
    if len(cron.split()) == _WITH_YEARS:
        return "names years; Airflow's scheduler fails before the first and after the last of them"
    try:
        croniter(cron, _SOME_DAY).get_next()
    except CroniterBadDateError:
        return "never fires: there is no such day, and Airflow's scheduler fails at it"
    return None


def _seconds(seconds: float) -> _Core:
    whole = int(seconds) if seconds.is_integer() else seconds
    return _Core(seconds_text(seconds), every_seconds=whole)


def _code(value: Value) -> str:
    """Source text of a schedule that is not a plain value: assets, unknown values."""
    if isinstance(value, (list, tuple, set)):
        return f"[{', '.join(_code(item) for item in value)}]"
    if isinstance(value, (Call, Symbolic)):
        return value.code
    return value.qualified_name if isinstance(value, Ref) else repr(value)
