"""JSON schemas of params, held as Airflow 2.10 holds them."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timezone
from typing import Any

import pytest
from typer.testing import CliRunner

from runtime.backfill import Backfill
from runtime.exceptions import LaunchError, ParamError
from runtime.launch import parse_logical_date
from runtime.param_schemas import check_json, check_params
from runtime.plain_yaml import read_plain
from runtime.start_params import start_params
from tests.conftest import EmittedProject
from transpiler.cli import app

DATE_TIME = {"type": "string", "format": "date-time"}
PIPELINE = """
from zenml import pipeline
from runtime.context import RunContext
from runtime.schedule import DagSchedule
from runtime.steps import run_bash

SCHEDULE = DagSchedule(cron="0 2 * * *", start_date="2024-01-01")

@pipeline(name="strict", enable_cache=False)
def strict(run: RunContext) -> None:
    run_bash("echo {{ params.n }}", id="say")
"""
CONFIG = """
pipeline: strict
params: {n: 5}
param_schemas:
  n: {type: integer, minimum: 1}
"""


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        pytest.param({}, object(), id="no rule"),
        ({"type": "integer", "minimum": 1}, 1),
        pytest.param({"type": "integer"}, 2.0, id="2.0 is an integer of JSON"),
        ({"type": ["null", "string"], "minLength": 2}, None),
        ({"enum": ["a", None]}, None),
        ({"type": "string", "pattern": "^[a-z]+$"}, "abc"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "x"),
        ({"type": "string", "format": "date"}, "2024-01-31"),
        ({"type": "string", "format": "uri"}, "no format that Airflow checks"),
        (DATE_TIME, "2024-01-31T10:00:00Z"),
        pytest.param(DATE_TIME, "2024-01-31T10:00:00", id="a date by ISO 8601 alone"),
        pytest.param({"format": "date-time"}, 1, id="formats are those of texts"),
    ],
)
def test_takes(schema: dict[str, Any], value: Any) -> None:
    check_params("x", {"p": value}, {"p": schema})


@pytest.mark.parametrize(
    ("schema", "value", "rule"),
    [
        ({"type": "integer", "minimum": 1}, 0, "minimum: 1"),
        ({"type": "integer"}, True, "type: 'integer'"),
        ({"type": "integer"}, "3", "type: 'integer'"),
        ({"type": "string", "minLength": 2}, None, "type: 'string'"),
        ({"enum": ["a", "b"]}, "c", "enum: ['a', 'b']"),
        ({"type": "string", "pattern": "^[a-z]+$"}, "A", "pattern: '^[a-z]+$'"),
        ({"type": "string", "format": "date"}, "2024-02-30", "format: 'date'"),
        ({"type": "string", "format": "ipv4"}, "999.1.1.1", "format: 'ipv4'"),
        (DATE_TIME, "2024-02-30T00:00:00Z", "format: 'date-time'"),
        (DATE_TIME, "2024-01-01", "format: 'date-time'"),
        (DATE_TIME, "2024-01-01T00:00:00+25:00", "format: 'date-time'"),
        (DATE_TIME, 3, "type: 'string'"),
        ({"type": "array", "items": DATE_TIME}, ["2024-01-01T00:00:00"], "format: 'date-time'"),
        ({"type": "string", "maxLength": 1}, "x" * 200, "maxLength: 1"),
    ],
)
def test_refuses_and_names_the_rule(schema: dict[str, Any], value: Any, rule: str) -> None:
    with pytest.raises(ParamError) as caught:
        check_params("the pipeline 'p'", {"p": value}, {"p": schema})
    message = str(caught.value)
    assert f"(its schema has {rule})" in message
    assert "The param 'p' of the pipeline 'p' may not be" in message
    assert "--param p=VALUE" in message
    assert len(message) < 500


def test_a_param_without_value_must_be_given() -> None:
    with pytest.raises(ParamError, match="'p' of x has no value, and no default"):
        check_params("x", {}, {"p": {}})


def test_a_schema_that_is_none() -> None:
    with pytest.raises(ParamError, match="is not a JSON schema"):
        check_params("x", {"p": 1}, {"p": {"type": "int"}})


@pytest.mark.parametrize("value", [b"x", {1: 2}, {"a"}])
def test_only_what_json_holds(value: Any) -> None:
    with pytest.raises(ParamError, match="no value that JSON can hold"):
        check_json("p", value)


def test_dates_of_the_command_line_stay_texts() -> None:
    assert read_plain("[2024-01-31, 2024-01-31T10:00:00Z, 1, yes]") == [
        "2024-01-31",
        "2024-01-31T10:00:00Z",
        1,
        True,
    ]


@pytest.mark.parametrize("text", ["", "2023", "2023-05", "now", "2024-02-30", "9999-12-31T24:00"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(LaunchError, match="is not a date"):
        parse_logical_date(text)


def test_conf_lies_over_params_and_unknown_names_are_told(
    emitted_project: EmittedProject, caplog: pytest.LogCaptureFixture
) -> None:
    emitted_project.write("configs/strict.yaml", CONFIG)

    with caplog.at_level(logging.WARNING, "runtime.start_params"):
        assert start_params("strict", {"m": 1}) == {"n": 5, "m": 1}
    assert "'m' is no param of 'strict', which has n" in caplog.text
    assert start_params("strict", {"n": 0}, {"n": 2}) == {"n": 0}
    with pytest.raises(ParamError, match="may not be 0"):
        start_params("strict", {"n": 2}, {"n": 0})


def test_no_run_is_started(runnable_project: EmittedProject) -> None:
    runnable_project.write("configs/strict.yaml", CONFIG)
    file = runnable_project.write("pipelines/strict.py", PIPELINE)
    runner = CliRunner()

    run = runner.invoke(app, ["run", str(file), "--param", "n=0"])
    days = ["--start", "2024-01-01", "--end", "2024-01-02"]
    backfill = runner.invoke(app, ["backfill", str(file), *days, "--conf", json.dumps({"n": "5"})])

    assert run.exit_code == backfill.exit_code == 2
    assert "0 is less than the minimum of 1" in run.output
    assert "'5' is not of type 'integer'" in backfill.output


def test_a_range_that_ends_before_it_starts(runnable_project: EmittedProject) -> None:
    file = runnable_project.write("pipelines/strict.py", PIPELINE)
    start = datetime(2024, 1, 2, tzinfo=timezone.utc)

    with pytest.raises(LaunchError, match="is before its start"):
        Backfill(file, start, datetime(2024, 1, 1, tzinfo=timezone.utc)).planned()


def test_a_range_without_dates_says_so(runnable_project: EmittedProject) -> None:
    file = runnable_project.write("pipelines/strict.py", PIPELINE)
    days = ["--start", "2024-01-01", "--end", "2024-01-01", "--dry-run"]

    assert "no date in this range" in CliRunner().invoke(app, ["backfill", str(file), *days]).output
