"""What can be done with the dates of templates and callables, which are objects of pendulum."""

from datetime import datetime, timedelta

import pendulum
from airflow import DAG
from airflow.operators.python import PythonOperator
from airflow.utils import timezone
from airflow.utils.dates import days_ago


def kind(moment):
    return [type(moment).__module__, type(moment).__name__, str(moment), repr(moment.tzinfo)]


def show_context(logical_date, data_interval_start, data_interval_end, dag_run, ti, macros):
    return {
        "logical_date": kind(logical_date),
        "start": kind(data_interval_start),
        "end": kind(data_interval_end),
        "run": [kind(dag_run.logical_date), kind(dag_run.data_interval_end)],
        "ti": kind(ti.execution_date),
        "length": repr(data_interval_end - data_interval_start),
        "run_length": repr(dag_run.data_interval_end - dag_run.data_interval_start),
        "since": macros.datetime_diff_for_humans(data_interval_start, data_interval_end),
        "plain_since": macros.datetime_diff_for_humans(
            timezone.datetime(2024, 1, 31), timezone.datetime(2024, 3, 28)
        ),
    }


def show_times():
    brussels = pendulum.timezone("Europe/Brussels")
    twice, never = datetime(2024, 10, 27, 2, 30), datetime(2024, 3, 31, 2, 30)
    return {
        "made": [kind(timezone.make_aware(moment, brussels)) for moment in (twice, never)],
        "made_utc": kind(timezone.make_aware(twice)),
        "made_of_pendulum": kind(timezone.make_aware(pendulum.naive(2024, 3, 31, 2, 30))),
        "naive": repr(timezone.make_naive(timezone.utc_epoch(), brussels)),
        "coerced": kind(timezone.coerce_datetime(twice)),
        "converted": kind(timezone.convert_to_utc(timezone.make_aware(twice, brussels))),
        "converted_naive": kind(timezone.convert_to_utc(twice)),
        "datetime": kind(timezone.datetime(2024, 1, 2)),
        "epoch": kind(timezone.utc_epoch()),
        "now": type(timezone.utcnow()).__name__,
        "days_ago": [type(days_ago(2)).__name__, str(days_ago(2, hour=3))[11:]],
        "parsed": [
            kind(timezone.parse(text))
            for text in (
                "2024-01-02",
                "2024-01-02T03:04:05+02:00",
                "20240102T030405Z",
                "2024-W05",
                "2024-060",
                "3 May 2024 5pm",
            )
        ],
        "parsed_there": kind(timezone.parse("2024-01-02", "Europe/Brussels")),
    }


def give(logical_date, data_interval_start, ti):
    ti.xcom_push("several", [logical_date, {"start": data_interval_start}])
    return logical_date


def take(ti):
    date, several = ti.xcom_pull(task_ids="give"), ti.xcom_pull(task_ids="give", key="several")
    return [kind(date), kind(several[0]), kind(several[1]["start"])]


TEMPLATES = [
    "{{ logical_date.in_timezone('Europe/Brussels') }}",
    "{{ logical_date.in_tz('America/St_Johns').format('ddd D MMM YYYY HH:mm Z z') }}",
    "{{ logical_date.format('[week] WW, dddd Do, Qo') }} {{ logical_date.format('MMMM', locale='nl') }}",
    "{{ logical_date.add(months=1).to_date_string() }}",
    "{{ logical_date.subtract(years=1, days=1).to_datetime_string() }}",
    "{{ logical_date.start_of('week') }} {{ logical_date.end_of('month') }}",
    "{{ logical_date.next(5).to_date_string() }} {{ logical_date.last_of('month') }}",
    "{{ logical_date.day_of_week }} {{ logical_date.week_of_year }} {{ logical_date.quarter }}",
    "{{ logical_date.int_timestamp }} {{ logical_date.timezone_name }} {{ logical_date.offset_hours }}",
    "{{ logical_date.to_iso8601_string() }} {{ logical_date.to_rfc822_string() }}",
    "{{ logical_date.set(tz='Europe/Brussels', day=1) }} {{ logical_date.naive() }}",
    "{{ logical_date + macros.timedelta(days=1) }} {{ logical_date - macros.timedelta(hours=7) }}",
    "{{ logical_date - macros.dateutil.relativedelta.relativedelta(months=1) }}",
    "{{ logical_date - data_interval_start.subtract(days=40) }}",
    "{{ (data_interval_end - data_interval_start.subtract(days=40)).in_words() }}",
    "{{ dag_run.logical_date - dag_run.logical_date.replace(day=1) }}",
    "{{ (logical_date.subtract(weeks=2) - logical_date).in_days() }}",
    "{{ macros.datetime_diff_for_humans(logical_date.add(days=17), logical_date) }}",
    "{{ macros.ds_add(ds, 0) }} {{ macros.ds_add(ds, '') }}",
    "{{ macros.ds_format_locale(ds, '%Y-%m-%d', 'EEEE d MMMM', 'nl_BE') }}",
    "{{ logical_date | ds }} {{ logical_date.in_tz('Asia/Tokyo') | ts_nodash_with_tz }}",
    "{{ logical_date.time() | ts }} {{ logical_date.date() | ts }} {{ prev_data_interval_end_success | ts }}",
]

with DAG(
    "template_date_objects",
    start_date=datetime(2024, 1, 1),
    schedule=timedelta(days=1),
    catchup=False,
):
    PythonOperator(task_id="context", python_callable=show_context)
    PythonOperator(task_id="times", python_callable=show_times)
    PythonOperator(
        task_id="templates", python_callable=lambda *texts: list(texts), op_args=TEMPLATES
    )
    PythonOperator(task_id="give", python_callable=give) >> PythonOperator(
        task_id="take", python_callable=take
    )
