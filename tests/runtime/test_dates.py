"""Dates of templates and callables, by the answers that Airflow 2.10.5 gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
import pytest

from runtime.callables import airflow_context, call_python
from runtime.context import RunContext
from runtime.templates import render, template_context
from runtime.templates.macros import datetime_diff_for_humans

InStep = Callable[[Callable[[], Any]], Any]
DATES = "logical_date execution_date data_interval_start data_interval_end".split()
NEIGHBOURS = ["prev_execution_date", "next_execution_date"]

# 2 January 2024, 02:00 UTC, with an interval of a day.
RENDERED = {
    "{{ logical_date.in_timezone('Europe/Brussels') }}": "2024-01-02 03:00:00+01:00",
    "{{ logical_date.in_tz('America/St_Johns').format('ddd D MMM YYYY HH:mm Z z') }}": (
        "Mon 1 Jan 2024 22:30 -03:30 America/St_Johns"
    ),
    "{{ logical_date.format('MMMM', locale='nl') }}": "januari",
    "{{ logical_date.add(months=1).to_date_string() }}": "2024-02-02",
    "{{ logical_date.start_of('week') }}": "2024-01-01 00:00:00+00:00",
    "{{ logical_date.set(tz='Europe/Brussels', day=31) }}": "2024-01-31 02:00:00+01:00",
    "{{ logical_date + macros.timedelta(days=1) }}": "2024-01-03 02:00:00+00:00",
    "{{ logical_date - macros.dateutil.relativedelta.relativedelta(months=1) }}": (
        "2023-12-02 02:00:00+00:00"
    ),
    "{{ data_interval_end - data_interval_start }}": (
        "<Interval [2024-01-02 02:00:00+00:00 -> 2024-01-03 02:00:00+00:00]>"
    ),
    "{{ (data_interval_end - data_interval_start).in_hours() }}": "24",
    "{{ dag_run.data_interval_end - dag_run.data_interval_start }}": "1 day, 0:00:00",
    "{{ logical_date.in_tz('Asia/Tokyo') | ts_nodash_with_tz }}": "20240102T110000+0900",
    "{{ logical_date.time() | ts }} {{ logical_date.date() | ds_nodash }}": "02:00:00 20240102",
    "{{ macros.datetime_diff_for_humans(logical_date.add(days=17), logical_date) }}": (
        "2 weeks after"
    ),
    "{{ macros.datetime_diff_for_humans(dag_run.logical_date, data_interval_end) }}": (
        "1 day before"
    ),
}


@pytest.mark.parametrize(("template", "expected"), RENDERED.items(), ids=RENDERED)
def test_templates(run: RunContext, template: str, expected: str) -> None:
    assert render(template, run, "t") == expected


def test_differences_from_now() -> None:
    now = datetime.now(timezone.utc)
    assert datetime_diff_for_humans(now - timedelta(hours=3)) == "3 hours ago"
    assert datetime_diff_for_humans(now + timedelta(hours=3, minutes=10)) == "in 3 hours"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Brussels"])
def test_dates_of_the_context_are_those_of_pendulum_in_utc(run: RunContext, zone: str) -> None:
    dates = {key: value for key, value in run if isinstance(value, datetime)}
    there = {key: value.astimezone(ZoneInfo(zone)) for key, value in dates.items()}
    context = template_context(run.model_copy(update=there), "t")
    for name in [*DATES, *NEIGHBOURS]:
        assert type(context[name]) is pendulum.DateTime
        assert context[name].tzinfo is pendulum.UTC
    assert [context[name] for name in DATES[1:]] == [
        run.logical_date,
        run.data_interval_start,
        run.data_interval_end,
    ]


def test_dates_of_the_run_and_the_task_are_plain(run: RunContext) -> None:
    context = template_context(run, "t")
    dag_run, ti = context["dag_run"], context["ti"]
    dates = [getattr(dag_run, name) for name in DATES] + [ti.execution_date, ti.logical_date]
    assert {type(date) for date in dates} == {datetime}
    assert {str(date.tzinfo) for date in dates} == {"UTC"}
    assert dag_run.data_interval_end == run.data_interval_end


def test_callables_get_the_same_dates(in_step: InStep) -> None:
    def show(logical_date: Any, **context: Any) -> list[Any]:
        return [logical_date, context["data_interval_end"]]

    date, end = in_step(lambda: call_python(show))
    assert [type(date), type(end)] == [pendulum.DateTime, pendulum.DateTime]
    assert date == datetime(2024, 1, 2, 2, tzinfo=timezone.utc)
    assert in_step(lambda: airflow_context()["ds"]) == date.to_date_string()
