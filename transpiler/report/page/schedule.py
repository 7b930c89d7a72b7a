"""The schedule of a DAG in words, and the dates of its runs on both sides.

Airflow's dates come from the timetable of the emitted `SCHEDULE`, which is held against Airflow's
own; ZenML's scheduler reads a cron expression in UTC. The page counts the next dates when it is
read; what is written into it are the first dates from the start date, so that the same DAG gives
the same page every day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import TYPE_CHECKING, Any

from transpiler.model.pipeline import ScheduleModel

if TYPE_CHECKING:
    from runtime.schedule import DagSchedule

_NUMBER = 5
_ANCHOR = datetime(2025, 1, 1, tzinfo=timezone.utc)
"""Where counting begins for a DAG without start date."""
_UNITS = ((604800, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True)
class Run:
    """One run: its logical date, the end of its data interval, and the starts on both sides."""

    logical: str
    until: str
    airflow: str
    zenml: str


@dataclass(frozen=True)
class ScheduleView:
    """What the page says; `fires` is what it counts the next dates from, or None."""

    words: str
    zenml: str
    """How ZenML starts the runs."""
    native: bool
    """Whether ZenML's own scheduler can."""
    runs: tuple[Run, ...]
    fires: dict[str, Any] | None


def schedule_view(model: ScheduleModel, text: str | None) -> ScheduleView:
    """The view of a schedule; `text` is how migration.json shows it."""
    schedule = schedule_of(model)
    native = _is_native(model)
    return ScheduleView(
        words=_words(model, text),
        zenml=_how(model, native, periodic=schedule.is_periodic),
        native=native,
        runs=tuple(_first_runs(schedule, model, native)),
        fires=_fires(schedule, model, native) if schedule.is_periodic else None,
    )


def schedule_of(model: ScheduleModel) -> DagSchedule:
    """The emitted schedule constant itself."""
    from runtime.schedule import DagSchedule

    given = {field.name: getattr(model, field.name) for field in fields(model)}
    defaults = ScheduleModel()
    changed = {name: v for name, v in given.items() if v != getattr(defaults, name)}
    listed = {k: list(v) if isinstance(v, tuple) else v for k, v in changed.items()}
    return DagSchedule.model_validate(listed)


def _is_native(model: ScheduleModel) -> bool:
    """Whether `launch.attach_schedule` can hand the schedule to ZenML's scheduler."""
    one = isinstance(model.cron, str) or model.every_seconds is not None
    alone = not getattr(model, "assets", None) and not getattr(model, "datasets", None)
    return one and alone and (model.every_seconds is not None or model.timezone == "UTC")


def _how(model: ScheduleModel, native: bool, *, periodic: bool) -> str:
    if native:
        what = "an interval" if model.every_seconds is not None else "the cron expression, in UTC"
        return f"ZenML's scheduler, by {what}"
    if periodic and model.timezone != "UTC":
        return f"`dag2zen listen`, because ZenML's own scheduler does not know {model.timezone}"
    if periodic:
        return "`dag2zen listen`, because ZenML's own scheduler takes one cron expression"
    if _waits(model):
        return "`dag2zen listen`"
    return "by hand, or from another pipeline"


def _waits(model: ScheduleModel) -> bool:
    return any(getattr(model, name, None) for name in ("assets", "datasets", "continuous", "once"))


def _words(model: ScheduleModel, text: str | None) -> str:
    zone = "UTC" if model.timezone == "UTC" else f"{model.timezone} time"
    if model.cron is not None:
        crons = [model.cron] if isinstance(model.cron, str) else [*model.cron]
        return f"{_joined([_cron_words(cron) for cron in crons])}, {zone}"
    if model.every_seconds is not None:
        return f"Every {duration(model.every_seconds)}"
    if model.events:
        return f"At {len(model.events)} listed dates"
    if model.once:
        return "Once, at its start date"
    if getattr(model, "continuous", False):
        return "All the time: a run starts when the last one ended"
    if getattr(model, "assets", None) or getattr(model, "datasets", None):
        return "When its assets are updated"
    return f"Started by hand; {text} has no equivalent" if text else "Started by hand"


def _cron_words(cron: str) -> str:
    from cron_descriptor import FormatError, Options, get_description

    options = Options()
    options.use_24hour_time_format = True
    try:
        return str(get_description(cron, options))
    except (FormatError, ValueError, IndexError):  # forms that only croniter knows
        return f"By the cron expression {cron}"


def _joined(texts: list[str]) -> str:
    return "; and ".join([texts[0], *(text[:1].lower() + text[1:] for text in texts[1:])])


def duration(seconds: float) -> str:
    """A number of seconds in the largest unit that it is whole in."""
    for length, unit in _UNITS:
        if seconds >= length and seconds % length == 0:
            number = int(seconds // length)
            return unit if number == 1 else f"{number} {unit}s"
    return f"{seconds:g} seconds"


def _first_runs(schedule: DagSchedule, model: ScheduleModel, native: bool) -> list[Run]:
    from croniter import CroniterBadDateError

    if not schedule.is_periodic:
        return []
    start = schedule.first_date or _ANCHOR
    try:
        dates = list(islice(schedule.dates(start, start + timedelta(days=3660)), _NUMBER))
        spans = [schedule.data_interval(date) for date in dates]
    except (CroniterBadDateError, OverflowError):  # as for the 30th of February
        return []
    starts = _zenml_starts(model, spans[0][1], len(spans)) if native and spans else None
    return [
        Run(_stamp(low), _stamp(high), _stamp(high), _stamp(starts[i]) if starts else _stamp(high))
        for i, (low, high) in enumerate(spans)
    ]


def _zenml_starts(model: ScheduleModel, first: datetime, number: int) -> list[datetime]:
    """When ZenML's scheduler fires, from the first run of Airflow on: cron in UTC, or an interval."""
    from croniter import croniter

    if model.every_seconds is not None:
        return [first + n * timedelta(seconds=model.every_seconds) for n in range(number)]
    times = croniter(str(model.cron), first - timedelta(seconds=1))
    return [times.get_next(datetime) for _ in range(number)]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%MZ")


def _fires(schedule: DagSchedule, model: ScheduleModel, native: bool) -> dict[str, Any] | None:
    """Fire times as sets of numbers, for the page's own counting; None for what it cannot count."""
    from croniter import croniter

    common = {
        "start": _stamp(schedule.first_date) if schedule.first_date else None,
        "end": _stamp(schedule.last_date) if schedule.last_date else None,
        "zone": model.timezone,
        "native": native,
        "trigger": model.trigger,
        "interval": model.interval_seconds,
    }
    if not isinstance(model.cron, str):
        return None
    minutes, hours, days, months, weekdays, *more = croniter(model.cron).expanded
    numbers = [minutes, hours, days, months, weekdays]
    simple = "#" not in model.cron and all(str(n).isdigit() or n == "*" for f in numbers for n in f)
    # Cron that fires every hour counts elapsed time, not the wall clock of its zone.
    if more or not simple or (hours == ["*"] and model.timezone != "UTC"):
        return None
    return {**common, "cron": numbers}
