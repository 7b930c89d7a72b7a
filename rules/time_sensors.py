"""Waiting for a moment, a time of day, or a day of the week."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from rules.arguments import constant_name, number, refused, step, switch
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, sensor_arguments
from transpiler.lower.dates import UTC, lower_dates
from transpiler.model.finding import finding

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

_DOCS = (
    "https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/datetime.html"
)

_MOMENT = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.sensors.date_time import DateTimeSensor

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    DateTimeSensor(
        task_id="wait_until_six",
        target_time="{{ data_interval_end.replace(hour=6) }}",
    )
""",
    after="""\
wait_until("{{ data_interval_end.replace(hour=6) }}", id="wait_until_six")
""",
)

_TIME_OF_DAY = Example(
    before="""\
from datetime import time

import pendulum
from airflow import DAG
from airflow.sensors.time_sensor import TimeSensor

START = pendulum.datetime(2024, 1, 1, tz="Europe/Brussels")

with DAG("nightly", start_date=START, schedule="@daily", catchup=False):
    TimeSensor(task_id="wait_until_six", target_time=time(6, 30), mode="reschedule")
""",
    after="""\
wait_until_time("06:30:00", timezone_name="Europe/Brussels", id="wait_until_six")
""",
)

_DELTA = Example(
    before="""\
from datetime import datetime, timedelta

from airflow import DAG
from airflow.sensors.time_delta import TimeDeltaSensor

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    TimeDeltaSensor(task_id="wait_a_bit", delta=timedelta(minutes=20))
""",
    after="""\
wait_after_interval(1200, id="wait_a_bit")
""",
)

_WEEK_DAY = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.sensors.weekday import DayOfWeekSensor
from airflow.utils.weekday import WeekDay

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    DayOfWeekSensor(
        task_id="wait_for_weekend",
        week_day={WeekDay.SATURDAY, WeekDay.SUNDAY},
        use_task_logical_date=True,
    )
""",
    after="""\
wait_for_weekday(["saturday", "sunday"], use_logical_date=True, id="wait_for_weekend")
""",
)


@rule(
    "airflow.sensors.date_time.DateTimeSensor",
    "airflow.sensors.date_time.DateTimeSensorAsync",
    "airflow.sensors.date_time_sensor.DateTimeSensor",
    "airflow.providers.standard.sensors.date_time.DateTimeSensor",
    "airflow.providers.standard.sensors.date_time.DateTimeSensorAsync",
    docs=_DOCS,
    examples=[_MOMENT],
    dynamic=may_skip,
)
def date_time_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The step waits until the moment is over."""
    target = task.require("target_time")
    moment = to.expr(target)
    if isinstance(target.value, datetime):
        moment = to.literal(target.value.isoformat())
    return step("wait_until", task, moment, kwargs=sensor_arguments(task, to))


@rule(
    "airflow.sensors.time_sensor.TimeSensor",
    "airflow.sensors.time_sensor.TimeSensorAsync",
    "airflow.operators.sensors.TimeSensor",
    "airflow.providers.standard.sensors.time.TimeSensor",
    "airflow.providers.standard.sensors.time.TimeSensorAsync",
    docs=_DOCS,
    examples=[_TIME_OF_DAY],
    dynamic=may_skip,
)
def time_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The step waits until it is later than that on the clock of the DAG's time zone, which is
    that of its start date.
    """
    target = task.require("target_time")
    if not isinstance(target.value, time):
        raise refused(task, target, "target_time is not a time that is known from the file")
    kwargs: dict[str, Expr] = {}
    zone = _timezone(to)
    if zone != UTC:
        kwargs["timezone_name"] = to.literal(zone)
    text = to.literal(target.value.replace(tzinfo=None).isoformat())
    return step("wait_until_time", task, text, kwargs={**kwargs, **sensor_arguments(task, to)})


@rule(
    "airflow.sensors.time_delta.TimeDeltaSensor",
    "airflow.sensors.time_delta.TimeDeltaSensorAsync",
    "airflow.sensors.time_delta_sensor.TimeDeltaSensor",
    "airflow.operators.sensors.TimeDeltaSensor",
    "airflow.providers.standard.sensors.time_delta.TimeDeltaSensor",
    "airflow.providers.standard.sensors.time_delta.TimeDeltaSensorAsync",
    docs=_DOCS,
    examples=[_DELTA],
    dynamic=may_skip,
)
def time_delta_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The step waits until that time has passed since the end of the data interval."""
    delta = task.require("delta")
    if not isinstance(delta.value, timedelta):
        raise refused(task, delta, "delta is not a timedelta that is known from the file")
    if task.task.operator.endswith("Async"):
        detail = (
            "Airflow keeps True as the result where there is nothing to wait for; the step has none"
        )
        task.findings.append(finding("D2Z311", task.span, detail, task_id=task.task_id))
    length = to.literal(number(delta.value.total_seconds()))
    return step("wait_after_interval", task, length, kwargs=sensor_arguments(task, to))


@rule(
    "airflow.sensors.weekday.DayOfWeekSensor",
    "airflow.contrib.sensors.weekday_sensor.DayOfWeekSensor",
    "airflow.providers.standard.sensors.weekday.DayOfWeekSensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/datetime.html",
    examples=[_WEEK_DAY],
    dynamic=may_skip,
)
def day_of_week_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The step waits until it is one of these days in UTC, today or at the logical date."""
    week_day = task.require("week_day")
    several = isinstance(week_day.value, (list, tuple, set, frozenset))
    values = list(week_day.value) if several else [week_day.value]
    names = [constant_name(value) for value in values]
    if not names or None in names:
        raise refused(task, week_day, "week_day has a day that is not known from the file")
    days = sorted(map(str, names)) if isinstance(week_day.value, (set, frozenset)) else names
    kwargs: dict[str, Expr] = {}
    if switch(task, "use_task_logical_date") or switch(task, "use_task_execution_day"):
        kwargs["use_logical_date"] = to.literal(True)
    argument = to.literal(days if several else days[0])
    return step("wait_for_weekday", task, argument, kwargs={**kwargs, **sensor_arguments(task, to)})


def _timezone(to: Lowering) -> str:
    start = to.dag.arguments.get("start_date") or to.dag.default_args.get("start_date")
    return lower_dates(start, None).timezone
