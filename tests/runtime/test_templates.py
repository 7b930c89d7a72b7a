"""Airflow's templates over a run context."""

from __future__ import annotations

import re
from collections import namedtuple
from datetime import datetime, timezone
from typing import Any

import pytest

from runtime.context import RunContext
from runtime.exceptions import ConfigError, TemplateError, VariableNotFoundError
from runtime.templates import render, render_sql
from tests.conftest import EmittedProject

Pair = namedtuple("Pair", "left right")

# Expected values: Airflow's reference of templates, applied to 2 January 2024, 02:00 UTC.
RENDERED = {
    "{{ ds }}": "2024-01-02",
    "{{ ds_nodash }}": "20240102",
    "{{ ts }}": "2024-01-02T02:00:00+00:00",
    "{{ ts_nodash }}": "20240102T020000",
    "{{ ts_nodash_with_tz }}": "20240102T020000+0000",
    "{{ logical_date }}": "2024-01-02 02:00:00+00:00",
    "{{ execution_date.isoformat() }}": "2024-01-02T02:00:00+00:00",
    "{{ data_interval_start | ds }}": "2024-01-02",
    "{{ data_interval_end | ts }}": "2024-01-03T02:00:00+00:00",
    "{{ data_interval_end | ts_nodash }}": "20240103T020000",
    "{{ data_interval_end | ts_nodash_with_tz }}": "20240103T020000+0000",
    "{{ data_interval_end | ds_nodash }}": "20240103",
    "{{ yesterday_ds }} {{ yesterday_ds_nodash }}": "2024-01-01 20240101",
    "{{ tomorrow_ds }} {{ tomorrow_ds_nodash }}": "2024-01-03 20240103",
    "{{ prev_ds }} {{ prev_ds_nodash }}": "2024-01-01 20240101",
    "{{ next_ds }} {{ next_ds_nodash }}": "2024-01-03 20240103",
    "{{ prev_execution_date }}": "2024-01-01 02:00:00+00:00",
    "{{ next_execution_date | ts }}": "2024-01-03T02:00:00+00:00",
    "{{ run_id }}": "scheduled__2024-01-02T02:00:00+00:00",
    "{{ dag.dag_id }} {{ task.task_id }} {{ ti.task_id }}": "probe-dag t t",
    "{{ task_instance.run_id }}": "scheduled__2024-01-02T02:00:00+00:00",
    "{{ task_instance_key_str }}": "probe-dag__t__20240102",
    "{{ dag_run.run_type }} {{ dag_run.conf['reason'] }}": "scheduled test",
    "{{ dag_run.conf.get('x', 'none') }} {{ dag_run.external_trigger }}": "none False",
    "{{ params.market }} {{ params['tenures'] | join('+') }}": "BE 6+12",
    "{{ test_mode }}": "False",
    "{{ macros.ds_add(ds, -2) }} {{ macros.ds_add(ds, 0) }}": "2023-12-31 2024-01-02",
    "{{ macros.ds_add('today', 0) }}": "today",
    "{{ macros.ds_format(ds, '%Y-%m-%d', '%d/%m/%y') }}": "02/01/24",
    "{{ (logical_date - macros.timedelta(hours=3)) | ts }}": "2024-01-01T23:00:00+00:00",
    "{{ macros.datetime.strptime(ds, '%Y-%m-%d').year }}": "2024",
    "{{ macros.dateutil.parser.parse('3 May 2024') | ds }}": "2024-05-03",
    "{{ (logical_date + macros.dateutil.relativedelta.relativedelta(months=1)) | ds }}": (
        "2024-02-02"
    ),
    "{{ macros.json.dumps(params, sort_keys=true) }}": '{"market": "BE", "reason": "test", "tenures": [6, 12]}',
    "{{ macros.json.loads('[1]')[0] }}": "1",
    "{{ macros.yaml.safe_load('a: 1').a }}": "1",
    "{{ macros.uuid.UUID(int=1) }}": "00000000-0000-0000-0000-000000000001",
    "{{ macros.random() < 1 }}": "True",
    "{{ macros.time.strftime('%Y', macros.time.gmtime(0)) }}": "1970",
    "{{ macros.datetime_diff_for_humans(logical_date, data_interval_end) }}": "1 day before",
    "{% set x = [] %}{% do x.append(1) %}{{ x }}": "[1]",
    "{{ none | ds }}{{ none | ts }}{{ none | ts_nodash_with_tz }}": "NoneNoneNone",
    "plain text": "plain text",
}


@pytest.mark.parametrize(("template", "expected"), RENDERED.items(), ids=RENDERED)
def test_airflows_names(run: RunContext, template: str, expected: str) -> None:
    assert render(template, run, "t") == expected


def test_every_text_in_a_value_is_rendered(run: RunContext) -> None:
    value = {
        "{{ ds }}": ["{{ ds }}", ("{{ run_id }}", 1), None, {"{{ ds }}"}],
        "p": Pair("{{ ds }}", 2),
    }
    assert render(value, run, "t") == {
        "{{ ds }}": ["2024-01-02", (run.run_id, 1), None, {"2024-01-02"}],
        "p": Pair("2024-01-02", 2),
    }


def test_other_values_stay_what_they_are(run: RunContext) -> None:
    value = datetime(2024, 1, 1, tzinfo=timezone.utc)
    assert render(value, run, "t") is value


def test_extra_names(run: RunContext) -> None:
    assert render("{{ ds }} {{ more }}", run, "t", extra={"more": 1, "ds": "x"}) == "x 1"


def test_sql_params_lie_over_those_of_the_run(run: RunContext) -> None:
    text = "SELECT '{{ params.market }}', {{ params.size }}"
    assert render_sql(text, run, "t", params={"size": 3}) == "SELECT 'BE', 3"


def test_dates_without_schedule_are_none(run: RunContext) -> None:
    alone = run.model_copy(update={"prev_logical_date": None, "next_logical_date": None})
    assert render("{{ prev_ds }} {{ next_ds_nodash }}", alone, "t") == "None None"


def test_dates_are_in_utc(run: RunContext) -> None:
    elsewhere = RunContext.model_validate(
        {**run.model_dump(), "logical_date": "2024-01-02T00:30:00+02:00"}
    )
    assert render("{{ ts }} {{ ds }}", elsewhere, "t") == "2024-01-01T22:30:00+00:00 2024-01-01"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("\n{{ parms.a }}", "line 2: 'parms' is undefined. Did you mean 'params'?"),
        ("{{ params.makret }}", "line 1: .*'makret'. Did you mean 'market'?"),
        ("{{ params.a.b }}", "line 1: .*'a'"),
        ("{{ ds", "line 1: unexpected end of template"),
        ("{% if %}", "line 1: Expected an expression"),
        ("a\n{{ 1 / 0 }}", "line 2: ZeroDivisionError: division by zero"),
        ("{{ ''.__class__ }}", "'__class__' of 'str' object is unsafe"),
        ("{{ macros.uuid.os.system('true') }}", "has no attribute 'os'"),
        ("{{ macros.json.codecs }}", "has no attribute 'codecs'"),
        ("{{ '{0.__class__}'.format(ds) }}", "unsafe"),
        ("{{ range(10**9) | list }}", "Range too big"),
        ("{% include 'x.sql' %}", "no loader"),
        ("{{ ds | nofilter }}", "line 1: No filter named 'nofilter'"),
        ("{{ macros.ds_add('x', 1) }}", "line 1: ValueError"),
    ],
)
def test_errors_say_where_and_what(run: RunContext, template: str, message: str) -> None:
    with pytest.raises(TemplateError, match=f"template of task 't'.*{message}"):
        render(template, run, "t")


def test_variables_and_connections(
    run: RunContext, emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitted_project.write(
        "configs/probe_dag.yaml",
        "variables: {model: ltv, limits: {max: 9}}\n"
        "connections: {sf: {account: acme, host: h, port: 443, user: u, password: '${SF_PASSWORD}',"
        " schema: S}}\n",
    )
    monkeypatch.setenv("SF_PASSWORD", "p/w")
    monkeypatch.setenv("RUNTIME_VAR_STAGE", "dev")
    values = {
        "{{ var.value.model }} {{ var.value.stage }} {{ var.value.get('no', 'd') }}": "ltv dev d",
        "{{ var.json.limits.max }} {{ var.value.limits }}": '9 {"max": 9}',
        "{{ conn.sf.host }}:{{ conn.sf.port }} {{ conn.sf.login }}": "h:443 u",
        "{{ conn.sf.password }} {{ conn.sf.schema }}": "p/w S",
        "{{ conn.sf.extra_dejson.account }} {{ conn.sf.conn_type }}": "acme snowflake",
        "{{ conn.get('sf').host }} {{ conn.get('no', 'd') }}": "h d",
    }
    assert render(list(values), run, "t") == list(values.values())
    with pytest.raises(VariableNotFoundError, match="Did you mean 'model'"):
        render("{{ var.value.modell }}", run, "t")
    with pytest.raises(ConfigError, match="No connection 'fs'"):
        render("{{ conn.fs.host }}", run, "t")


def test_locale_macro_is_babels_or_says_so(run: RunContext) -> None:
    template = "{{ macros.ds_format_locale(ds, '%Y-%m-%d', 'EEEE', 'nl_BE') }}"
    try:
        import babel  # noqa: F401
    except ImportError:
        with pytest.raises(TemplateError, match="Babel, which is not installed"):
            render(template, run, "t")
    else:
        assert render(template, run, "t") == "dinsdag"


@pytest.mark.parametrize(("locale", "day"), [("fr_BE", "mardi"), (None, "Tuesday")])
def test_locale_macro_follows_the_environment(
    run: RunContext, monkeypatch: pytest.MonkeyPatch, locale: str | None, day: str
) -> None:
    monkeypatch.setattr(pytest.importorskip("babel.dates"), "LC_TIME", locale)
    assert render("{{ macros.ds_format_locale(ds, '%Y-%m-%d', 'EEEE') }}", run, "t") == day


def test_lookups_happen_only_when_named(run: RunContext) -> None:
    import sys

    before = set(sys.modules)
    render("{{ ds }}", run, "t")
    assert not [name for name in set(sys.modules) - before if name.startswith("zenml")]


def test_error_text_of_hostile_template_is_bounded_by_the_sandbox(run: RunContext) -> None:
    hostile: Any = "{{ cycler.__init__.__globals__.os }}"
    with pytest.raises(TemplateError, match=re.escape("unsafe")):
        render(hostile, run, "t")
